-- Both marts say the same of a month's spend, and what no customer is known for is what cost_per_inference says.
with

coverage as (

    select * from {{ ref('attribution_coverage_monthly') }}

),

monthly as (

    select
        period_start_date,
        dimension,
        {{ cost_sum('ai_cost_usd') }} as ai_cost_usd,
        {{ cost_sum('ai_cost_usd', "dimension_value <> 'unattributed'") }} as attributed_cost_usd
    from {{ ref('cost_per_inference') }}
    where
        period_grain = 'month'
        and dimension in ('customer', 'feature', 'workflow', 'team', 'provider', 'model')
    group by
        period_start_date,
        dimension

)

select
    coalesce(coverage.period_start_date, monthly.period_start_date) as period_start_date,
    coalesce(coverage.dimension, monthly.dimension) as dimension,
    coverage.ai_cost_usd,
    monthly.ai_cost_usd as expected_ai_cost_usd
from coverage
full outer join monthly
    on coverage.period_start_date = monthly.period_start_date
    and coverage.dimension = monthly.dimension
where
    coverage.ai_cost_usd is distinct from monthly.ai_cost_usd
    or coverage.attributed_cost_usd is distinct from monthly.attributed_cost_usd
