-- Each percentile is the first value that enough of the others do not exceed, counted again on single customers and
-- inferences; and the total beside it is their cost. A rank off by one would only show as a tail that looks lighter.
{% set dimensions = {'all': "'all'", 'plan': 'plan', 'segment': 'segment'} %}
{% set percents = [50, 90, 95, 99] %}
with

inferences_costed as (

    select
        costs.*,
        coalesce(plans.plan, customers.crm_plan) as plan,
        customers.segment
    from {{ ref('int_inference_costs_daily') }} as costs
    inner join {{ ref('dim_customers') }} as customers
        on costs.customer_id = customers.customer_id
    left join {{ ref('dim_customer_plans') }} as plans
        on
            costs.customer_id = plans.customer_id
            and costs.usage_date >= plans.valid_from_date
            and (plans.valid_to_date is null or costs.usage_date < plans.valid_to_date)
    where
        not customers.is_internal
        and {{ in_days_to_test('costs.usage_date', 'month') }}

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
        {{ cost_sum('ai_cost_usd') }} as cost_usd,
        1 as value_count
    from {{ ref('int_unit_economics_daily') }}
    where
        not is_internal
        and {{ in_periods_to_test('month_date', 'month') }}
    group by
        month_date,
        {{ expression }},
        customer_id
    having sum(call_count) > 0 or sum(ai_cost_usd) <> 0

),

inferences_by_{{ dimension }} as (

    select
        cast({{ dbt.date_trunc('month', 'usage_date') }} as date) as period_start_date,
        '{{ dimension }}' as dimension,
        {{ expression }} as dimension_value,
        inference_cost_usd as cost_usd,
        inference_count as value_count
    from inferences_costed

),

{% endfor %}
customers as (

    {% for dimension in dimensions -%}
    select * from customers_by_{{ dimension }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

inferences as (

    {% for dimension in dimensions -%}
    select * from inferences_by_{{ dimension }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

totals as (

    select
        period_start_date,
        dimension,
        dimension_value,
        {{ cost_sum('cost_usd') }} as ai_cost_usd,
        {{ ratio('sum(unpriced_call_count)', 'sum(call_count)') }} as unpriced_ratio,
        {{ ratio(cost_sum('cost_usd', "customer_id = 'unattributed'"), 'sum(cost_usd)') }} as unattributed_ratio
    from customers
    group by
        period_start_date,
        dimension,
        dimension_value

),

{% for kind, rows in {'customer': "(select * from customers where customer_id <> 'unattributed')", 'inference': 'inferences'}.items() %}
{{ kind }}_ranks as (

    select
        marts.period_start_date,
        marts.dimension,
        marts.dimension_value,
        sum(valued.value_count) as row_count,
        {% for percent in percents -%}
        {% set value = 'marts.p%s_%s_cost_usd' % (percent, kind) -%}
        -- Enough of them at or below it, too few below it, and it is one of them.
        coalesce(sum(valued.value_count) filter (where valued.cost_usd <= {{ value }}), 0) * 100
        < sum(valued.value_count) * {{ percent }}
        or coalesce(sum(valued.value_count) filter (where valued.cost_usd < {{ value }}), 0) * 100
        >= sum(valued.value_count) * {{ percent }}
        or count(*) filter (where valued.cost_usd = {{ value }}) = 0 as is_p{{ percent }}_wrong{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref('cost_percentiles_monthly') }} as marts
    inner join {{ rows }} as valued
        on marts.period_start_date = valued.period_start_date
        and marts.dimension = valued.dimension
        and marts.dimension_value = valued.dimension_value
    group by
        marts.period_start_date,
        marts.dimension,
        marts.dimension_value

),

{% endfor %}
actual as (

    select * from {{ ref('cost_percentiles_monthly') }}
    where {{ in_periods_to_test('period_start_date', 'month') }}

)

select
    coalesce(totals.period_start_date, actual.period_start_date) as period_start_date,
    coalesce(totals.dimension, actual.dimension) as dimension,
    coalesce(totals.dimension_value, actual.dimension_value) as dimension_value
from totals
full outer join actual
    on totals.period_start_date = actual.period_start_date
    and totals.dimension = actual.dimension
    and totals.dimension_value = actual.dimension_value
{% for kind in ['customer', 'inference'] -%}
left join {{ kind }}_ranks
    on actual.period_start_date = {{ kind }}_ranks.period_start_date
    and actual.dimension = {{ kind }}_ranks.dimension
    and actual.dimension_value = {{ kind }}_ranks.dimension_value
{% endfor -%}
where
    coalesce(totals.period_start_date, actual.period_start_date)
    <= (select max(as_of.as_of_date) from {{ ref('int_as_of_date') }} as as_of)
    and (
        totals.ai_cost_usd is distinct from actual.ai_cost_usd
        or totals.unpriced_ratio is distinct from actual.unpriced_ratio
        or totals.unattributed_ratio is distinct from actual.unattributed_ratio
        or coalesce(customer_ranks.row_count, 0) <> actual.customer_count
        or coalesce(inference_ranks.row_count, 0) <> actual.costed_inference_count
        {% for percent in percents -%}
        or customer_ranks.is_p{{ percent }}_wrong
        or inference_ranks.is_p{{ percent }}_wrong
        or (actual.customer_count > 0) <> (actual.p{{ percent }}_customer_cost_usd is not null)
        or (actual.costed_inference_count > 0) <> (actual.p{{ percent }}_inference_cost_usd is not null)
        {% endfor %}
    )
