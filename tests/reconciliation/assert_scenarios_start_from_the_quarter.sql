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

dimensioned as (

    select
        'customer' as dimension,
        customer_id as dimension_value,
        *
    from margins

    union all

    select
        'all' as dimension,
        'all' as dimension_value,
        *
    from margins

),

summed as (

    select
        dimension,
        dimension_value,
        {{ token_sum('call_count') }} as call_count,
        {{ token_sum('unpriced_call_count') }} as unpriced_call_count,
        {{ token_sum('successful_inference_count') }} as successful_inference_count,
        {{ cost_sum('ai_cost_usd', "customer_id = 'unattributed'") }} as unattributed_cost_usd,
        {{ cost_sum('revenue_usd') }} as revenue_usd,
        {{ cost_sum('ai_revenue_usd') }} as ai_revenue_usd,
        {{ cost_sum('inference_cost_usd') }} as inference_cost_usd,
        {{ cost_sum('ai_cost_usd') }} as ai_cost_usd,
        {{ cost_sum('gross_profit_usd') }} as gross_profit_usd
    from dimensioned
    group by
        dimension,
        dimension_value

),

replayed as (

    select * from results
    where dimension <> 'plan'

),

wanted as (

    select
        scenarios.scenario,
        summed.*
    from scenarios
    cross join summed

),

-- Multiples of 1 alone move nothing, and are asked to.
neutral as (

    select scenario
    from {{ ref('int_scenarios_read') }}
    group by scenario
    having min(case when price_multiple = 1 and rule_status = 'known' then 1 else 0 end) = 1

)

select
    coalesce(replayed.scenario, wanted.scenario) as scenario,
    coalesce(replayed.dimension, wanted.dimension) as dimension,
    coalesce(replayed.dimension_value, wanted.dimension_value) as dimension_value,
    'baseline' as claim
from replayed
full outer join wanted
    on replayed.scenario = wanted.scenario
    and replayed.dimension = wanted.dimension
    and replayed.dimension_value = wanted.dimension_value
where
    replayed.call_count is distinct from wanted.call_count
    or replayed.successful_inference_count is distinct from wanted.successful_inference_count
    or replayed.unpriced_ratio is distinct from {{ ratio('wanted.unpriced_call_count', 'wanted.call_count') }}
    or replayed.unattributed_ratio is distinct from {{ ratio('wanted.unattributed_cost_usd', 'wanted.ai_cost_usd') }}
    or replayed.baseline_revenue_usd is distinct from wanted.revenue_usd
    or replayed.baseline_ai_revenue_usd is distinct from wanted.ai_revenue_usd
    or replayed.baseline_inference_cost_usd is distinct from wanted.inference_cost_usd
    or replayed.baseline_ai_cost_usd is distinct from wanted.ai_cost_usd
    or replayed.baseline_gross_profit_usd is distinct from wanted.gross_profit_usd

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
    -- A quarter of revenue alone has no use whose prices could stay the same.
    results.scenario_status <> 'nothing_in_scope'
    and (
        results.scenario_status <> 'applied'
        or results.scenario_revenue_usd is distinct from results.baseline_revenue_usd
        or results.scenario_ai_revenue_usd is distinct from results.baseline_ai_revenue_usd
        or results.scenario_inference_cost_usd is distinct from results.baseline_inference_cost_usd
        or results.scenario_ai_cost_usd is distinct from results.baseline_ai_cost_usd
        or results.gross_profit_change_usd <> 0
    )
