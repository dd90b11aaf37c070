-- How unevenly cost is spread: percentiles over customers and over delivered inferences, by nearest rank.
-- Grain: one row per period_start_date, dimension (all, plan, segment) and dimension_value with calls or AI cost.
-- Customers are those with calls or AI cost, unattributed aside; an inference costs all its attempts.
-- Percentiles never add up.
{% set dimensions = {'all': "'all'", 'plan': 'plan', 'segment': 'segment'} %}
{% set keys = ['period_start_date', 'dimension', 'dimension_value'] %}
{% set percents = [50, 90, 95, 99] %}
with

daily as (

    select * from {{ ref('int_unit_economics_daily') }}
    where not is_internal

),

customers as (

    {% for dimension, expression in dimensions.items() %}
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
    group by month_date, {{ expression }}, customer_id
    having sum(call_count) > 0 or sum(ai_cost_usd) <> 0
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

totals as (

    select
        {{ keys | join(',\n        ') }},
        {{ cost_sum('customer_cost_usd') }} as ai_cost_usd,
        {{ ratio('sum(unpriced_call_count)', 'sum(call_count)') }} as unpriced_ratio,
        {{ ratio(cost_sum('customer_cost_usd', "customer_id = 'unattributed'"), 'sum(customer_cost_usd)') }}
            as unattributed_ratio,
        {{ weakest_cost_status('cost_status') }} as cost_status
    from customers
    group by {{ keys | join(', ') }}

),

ranked as (

    -- Of equal costs any may come first: a percentile is a cost.
    select
        *,
        row_number() over (
            partition by {{ keys | join(', ') }} order by customer_cost_usd asc nulls last
        ) as cost_rank,
        count(*) over (partition by {{ keys | join(', ') }}) as rank_count
    from customers
    where customer_id <> 'unattributed'

),

percentiles as (

    -- Nearest rank: the first value whose rank is at least percent × count ÷ 100.
    select
        {{ keys | join(',\n        ') }},
        {% for percent in percents -%}
        {{ money('min(case when cost_rank * 100 >= rank_count * %d then customer_cost_usd end)' % percent) }}
            as p{{ percent }}_customer_cost_usd,
        {% endfor -%}
        count(*) as customer_count
    from ranked
    group by {{ keys | join(', ') }}

),

final as (

    select
        {% for key in keys -%}
        totals.{{ key }},
        {% endfor -%}
        cast(coalesce(percentiles.customer_count, 0) as bigint) as customer_count,
        cast(coalesce(inferences.costed_inference_count, 0) as bigint) as costed_inference_count,
        totals.ai_cost_usd,
        {% for percent in percents -%}
        percentiles.p{{ percent }}_customer_cost_usd,
        {% endfor -%}
        {% for percent in percents -%}
        inferences.p{{ percent }}_inference_cost_usd,
        {% endfor -%}
        totals.unpriced_ratio,
        totals.unattributed_ratio,
        totals.cost_status,
        {{ is_complete('totals.period_start_date', 'month') }} as is_complete
    from totals
    -- No period after as_of_date has a row.
    inner join {{ ref('int_as_of_date') }} as as_of
        on totals.period_start_date <= as_of.as_of_date
    left join percentiles
        on {{ same_keys('totals', 'percentiles', keys) }}
    left join {{ ref('int_inference_percentiles_monthly') }} as inferences
        on {{ same_keys('totals', 'inferences', keys) }}

)

select * from final
