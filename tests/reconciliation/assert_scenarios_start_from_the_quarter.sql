-- The baseline of every scenario is the last complete quarter as the monthly margins have it, by customer (internal use
-- aside) and in all, and a scenario that changes nothing is its baseline, to the last digit.
with

results as (

    select * from {{ ref('scenario_results') }}

),

margins as (

    select margins.*
    from {{ ref('customer_margins_monthly') }} as margins
    inner join {{ ref('dim_customers') }} as customers
        on margins.customer_id = customers.customer_id
    inner join {{ ref('int_quarter_over') }} as quarters
        on margins.period_start_date >= quarters.period_start_date
        and margins.period_start_date < quarters.next_quarter_start_date
    where not customers.is_internal

),

scenarios as (

    select distinct trim(scenario) as scenario
    from {{ ref('scenarios') }}

),

by_customer as (

    select
        'customer' as dimension,
        customer_id as dimension_value,
        {{ cost_sum('revenue_usd') }} as revenue_usd,
        {{ cost_sum('ai_revenue_usd') }} as ai_revenue_usd,
        {{ cost_sum('inference_cost_usd') }} as inference_cost_usd,
        {{ cost_sum('ai_cost_usd') }} as ai_cost_usd,
        {{ cost_sum('gross_profit_usd') }} as gross_profit_usd
    from margins
    group by customer_id

    union all

    select
        'all' as dimension,
        'all' as dimension_value,
        {{ cost_sum('revenue_usd') }} as revenue_usd,
        {{ cost_sum('ai_revenue_usd') }} as ai_revenue_usd,
        {{ cost_sum('inference_cost_usd') }} as inference_cost_usd,
        {{ cost_sum('ai_cost_usd') }} as ai_cost_usd,
        {{ cost_sum('gross_profit_usd') }} as gross_profit_usd
    from margins
    having count(*) > 0

),

wanted as (

    select
        scenarios.scenario,
        by_customer.*
    from scenarios
    cross join by_customer

),

-- Multiples of 1 alone move nothing.
neutral as (

    select scenario
    from {{ ref('int_scenarios_read') }}
    group by scenario
    having min(case when price_multiple = 1 then 1 else 0 end) = 1

)

select
    coalesce(results.scenario, wanted.scenario) as scenario,
    coalesce(results.dimension, wanted.dimension) as dimension,
    coalesce(results.dimension_value, wanted.dimension_value) as dimension_value,
    'baseline' as claim
from (select * from results where dimension <> 'plan') as results
full outer join wanted
    on results.scenario = wanted.scenario
    and results.dimension = wanted.dimension
    and results.dimension_value = wanted.dimension_value
where
    results.baseline_revenue_usd is distinct from wanted.revenue_usd
    or results.baseline_ai_revenue_usd is distinct from wanted.ai_revenue_usd
    or results.baseline_inference_cost_usd is distinct from wanted.inference_cost_usd
    or results.baseline_ai_cost_usd is distinct from wanted.ai_cost_usd
    or results.baseline_gross_profit_usd is distinct from wanted.gross_profit_usd

union all

select
    results.scenario,
    results.dimension,
    results.dimension_value,
    'neutral' as claim
from results
inner join neutral
    on results.scenario = neutral.scenario
where
    results.scenario_status = 'applied'
    and (
        results.scenario_revenue_usd is distinct from results.baseline_revenue_usd
        or results.scenario_ai_revenue_usd is distinct from results.baseline_ai_revenue_usd
        or results.scenario_inference_cost_usd is distinct from results.baseline_inference_cost_usd
        or results.scenario_ai_cost_usd is distinct from results.baseline_ai_cost_usd
        or results.gross_profit_change_usd <> 0
    )
