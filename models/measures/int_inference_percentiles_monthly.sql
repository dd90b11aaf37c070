-- Percentiles of what delivered inferences cost, by nearest rank. Internal use is left out.
-- Grain: one row per period_start_date, dimension (all, plan, segment) and dimension_value with inferences of known cost.
-- Percentiles never add up. Months that did not change are not ranked again.
{{ config(**touched_days_config('int_measured_months_touched', 'period_start_date')) }}
{% set dimensions = {'all': "'all'", 'plan': 'plan', 'segment': 'segment'} %}
{% set keys = ['period_start_date', 'dimension', 'dimension_value'] %}
with

days as (

    {{ days_of_touched_months() }}

),

inferences as (

    select
        cast({{ dbt.date_trunc('month', 'costs.usage_date') }} as date) as period_start_date,
        coalesce(plans.plan, customers.crm_plan) as plan,
        customers.segment,
        costs.inference_cost_usd,
        costs.inference_count
    from {{ ref('int_inference_costs_daily') }} as costs
    inner join days
        on costs.usage_date = days.date_day
    inner join {{ ref('dim_customers') }} as customers
        on costs.customer_id = customers.customer_id
    left join {{ ref('dim_customer_plans') }} as plans
        on
            costs.customer_id = plans.customer_id
            and costs.usage_date >= plans.valid_from_date
            and (plans.valid_to_date is null or costs.usage_date < plans.valid_to_date)
    where not customers.is_internal

),

by_dimension as (

    {% for dimension, expression in dimensions.items() %}
    select
        period_start_date,
        '{{ dimension }}' as dimension,
        {{ expression }} as dimension_value,
        inference_cost_usd,
        inference_count
    from inferences
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

ranked as (

    -- Of equal costs any may come first: a percentile is a cost.
    select
        *,
        sum(inference_count) over (
            partition by {{ keys | join(', ') }} order by inference_cost_usd asc nulls last
            rows between unbounded preceding and current row
        ) as cost_rank,
        sum(inference_count) over (partition by {{ keys | join(', ') }}) as rank_count
    from by_dimension

),

final as (

    -- Nearest rank: the first value whose rank is at least percent × count ÷ 100.
    select
        {{ keys | join(',\n        ') }},
        {% for percent in [50, 90, 95, 99] -%}
        {{ money('min(case when cost_rank * 100 >= rank_count * %d then inference_cost_usd end)' % percent) }}
            as p{{ percent }}_inference_cost_usd,
        {% endfor -%}
        {{ token_sum('inference_count') }} as costed_inference_count
    from ranked
    group by {{ keys | join(', ') }}

)

select * from final
