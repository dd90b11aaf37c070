-- How unevenly cost is spread: percentiles over customers and over delivered inferences, by nearest rank.
-- Grain: one row per period_start_date, dimension (all, plan, segment) and dimension_value with calls or AI cost.
-- Customers are those with calls or AI cost, unattributed aside; an inference costs all its attempts.
-- Percentiles never add up.
{% set dimensions = {'all': "'all'", 'plan': 'plan', 'segment': 'segment'} %}
{% set percents = [50, 90, 95, 99] %}
with

daily as (

    select * from {{ ref('int_unit_economics_daily') }}
    where not is_internal

),

inferences as (

    select
        *,
        cast({{ dbt.date_trunc('month', 'usage_date') }} as date) as period_start_date
    from {{ ref('int_inferences_costed') }}

),

{% for dimension, expression in dimensions.items() %}
customers_by_{{ dimension }} as (

    select
        month_date as period_start_date,
        '{{ dimension }}' as dimension,
        {{ expression }} as dimension_value,
        customer_id,
        {{ token_sum('call_count') }} as call_count,
        {{ token_sum('unpriced_call_count') }} as unpriced_call_count,
        {{ cost_sum('ai_cost_usd') }} as customer_cost_usd,
        {{ weakest_cost_status('cost_status') }} as cost_status
    from daily
    group by
        month_date,
        {{ expression }},
        customer_id
    having sum(call_count) > 0 or sum(ai_cost_usd) <> 0

),

inferences_by_{{ dimension }} as (

    select
        period_start_date,
        '{{ dimension }}' as dimension,
        {{ expression }} as dimension_value,
        inference_cost_usd,
        row_number() over (
            partition by
                period_start_date,
                {{ expression }}
            order by inference_cost_usd asc nulls last, request_id asc nulls last, step asc nulls last
        ) as cost_rank,
        count(*) over (
            partition by
                period_start_date,
                {{ expression }}
        ) as rank_count
    from inferences

),

{% endfor %}
customers as (

    {% for dimension in dimensions %}
    select * from customers_by_{{ dimension }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

ranked_customers as (

    select
        *,
        row_number() over (
            partition by period_start_date, dimension, dimension_value
            order by customer_cost_usd asc nulls last, customer_id asc nulls last
        ) as cost_rank,
        count(*) over (partition by period_start_date, dimension, dimension_value) as rank_count
    from customers
    where customer_id <> 'unattributed'

),

totals as (

    select
        period_start_date,
        dimension,
        dimension_value,
        {{ cost_sum('customer_cost_usd') }} as ai_cost_usd,
        {{ ratio('sum(unpriced_call_count)', 'sum(call_count)') }} as unpriced_ratio,
        {{ ratio(cost_sum('customer_cost_usd', "customer_id = 'unattributed'"), 'sum(customer_cost_usd)') }}
            as unattributed_ratio,
        {{ weakest_cost_status('cost_status') }} as cost_status
    from customers
    group by
        period_start_date,
        dimension,
        dimension_value

),

customer_percentiles as (

    -- Nearest rank: the first value whose rank is at least percent × count ÷ 100.
    select
        period_start_date,
        dimension,
        dimension_value,
        count(*) as customer_count,
        {% for percent in percents -%}
        {{ money('min(case when cost_rank * 100 >= rank_count * ' ~ percent ~ ' then customer_cost_usd end)') }}
            as p{{ percent }}_customer_cost_usd{{ ',' if not loop.last }}
        {% endfor %}
    from ranked_customers
    group by
        period_start_date,
        dimension,
        dimension_value

),

inference_percentiles as (

    {% for dimension in dimensions %}
    select
        period_start_date,
        dimension,
        dimension_value,
        count(*) as inference_count,
        {% for percent in percents -%}
        {{ money('min(case when cost_rank * 100 >= rank_count * ' ~ percent ~ ' then inference_cost_usd end)') }}
            as p{{ percent }}_inference_cost_usd{{ ',' if not loop.last }}
        {% endfor %}
    from inferences_by_{{ dimension }}
    group by
        period_start_date,
        dimension,
        dimension_value
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

final as (

    select
        totals.period_start_date,
        totals.dimension,
        totals.dimension_value,
        cast(coalesce(customer_percentiles.customer_count, 0) as bigint) as customer_count,
        cast(coalesce(inference_percentiles.inference_count, 0) as bigint) as costed_inference_count,
        totals.ai_cost_usd,
        {% for percent in percents -%}
        customer_percentiles.p{{ percent }}_customer_cost_usd,
        {% endfor -%}
        {% for percent in percents -%}
        inference_percentiles.p{{ percent }}_inference_cost_usd,
        {% endfor -%}
        totals.unpriced_ratio,
        totals.unattributed_ratio,
        totals.cost_status,
        {{ is_complete('totals.period_start_date', 'month') }} as is_complete
    from totals
    -- No period after as_of_date has a row.
    inner join {{ ref('int_as_of_date') }} as as_of
        on totals.period_start_date <= as_of.as_of_date
    left join customer_percentiles
        on
            totals.period_start_date = customer_percentiles.period_start_date
            and totals.dimension = customer_percentiles.dimension
            and totals.dimension_value = customer_percentiles.dimension_value
    left join inference_percentiles
        on
            totals.period_start_date = inference_percentiles.period_start_date
            and totals.dimension = inference_percentiles.dimension
            and totals.dimension_value = inference_percentiles.dimension_value

)

select * from final
