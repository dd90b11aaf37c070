-- Every dimension holds the whole of customers' use once in each month: the dimensions agree with fct_usage_daily
-- without internal use, dimension customer with all of it. A row's target is its business model's in the seed.
with

dimensions as (

    select
        period_start_date,
        dimension,
        cast(sum(call_count) as bigint) as call_count,
        cast(sum(successful_inference_count) as bigint) as successful_inference_count,
        {{ cost_sum('ai_cost_usd') }} as ai_cost_usd
    from {{ ref('cost_per_inference') }}
    where period_grain = 'month'
    group by
        period_start_date,
        dimension

),

usage_monthly as (

    select
        cast({{ dbt.date_trunc('month', 'usage_daily.usage_date') }} as date) as period_start_date,
        customers.is_internal,
        usage_daily.call_count,
        usage_daily.successful_inference_count,
        usage_daily.ai_cost_usd
    from {{ ref('fct_usage_daily') }} as usage_daily
    left join {{ ref('dim_customers') }} as customers
        on usage_daily.customer_id = customers.customer_id

),

expected as (

    select
        usage_monthly.period_start_date,
        names.dimension,
        cast(sum(usage_monthly.call_count) as bigint) as call_count,
        cast(sum(usage_monthly.successful_inference_count) as bigint) as successful_inference_count,
        {{ cost_sum('usage_monthly.ai_cost_usd') }} as ai_cost_usd
    from usage_monthly
    cross join (
        values
        {% for dimension in usage_dimensions() if dimension != 'all' -%}
        ('{{ dimension }}'),
        {% endfor -%}
        ('all')
    ) as names (dimension)
    where names.dimension = 'customer' or not usage_monthly.is_internal
    group by
        usage_monthly.period_start_date,
        names.dimension

)

select
    costs.period_start_date,
    costs.dimension_value as dimension,
    targets.high as expected_ai_cost_usd,
    costs.target_cpi_usd as ai_cost_usd
from {{ ref('cost_per_inference') }} as costs
left join {{ ref('benchmarks') }} as targets
    on costs.dimension = 'business_model'
    and costs.dimension_value = targets.band
    and targets.metric = 'cost_per_inference'
where costs.target_cpi_usd is distinct from targets.high

union all

select
    coalesce(expected.period_start_date, dimensions.period_start_date) as period_start_date,
    coalesce(expected.dimension, dimensions.dimension) as dimension,
    expected.ai_cost_usd as expected_ai_cost_usd,
    dimensions.ai_cost_usd
from expected
full outer join dimensions
    on expected.period_start_date = dimensions.period_start_date
    and expected.dimension = dimensions.dimension
where
    coalesce(expected.period_start_date, dimensions.period_start_date)
    <= (select max(as_of.as_of_date) from {{ ref('int_as_of_date') }} as as_of)
    and (
        expected.call_count is distinct from dimensions.call_count
        or expected.successful_inference_count is distinct from dimensions.successful_inference_count
        or expected.ai_cost_usd is distinct from dimensions.ai_cost_usd
    )
