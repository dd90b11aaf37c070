-- Customers and plans of a scenario add up to `all`, as it was and in the scenario, to the last digit: a part lost on
-- the way would only show as a scenario that looks cheaper. Both ways: a scenario without parts, and parts without it.
with

results as (

    select * from {{ ref('scenario_results') }}

),

overall as (

    select * from results
    where dimension = 'all'

),

parts as (

    select
        scenario,
        dimension,
        {{ cost_sum('baseline_revenue_usd') }} as baseline_revenue_usd,
        {{ cost_sum('baseline_ai_cost_usd') }} as baseline_ai_cost_usd,
        {{ cost_sum('baseline_gross_profit_usd') }} as baseline_gross_profit_usd,
        {{ money('sum(scenario_revenue_usd)') }} as scenario_revenue_usd,
        {{ money('sum(scenario_ai_revenue_usd)') }} as scenario_ai_revenue_usd,
        {{ money('sum(scenario_inference_cost_usd)') }} as scenario_inference_cost_usd,
        {{ money('sum(scenario_ai_cost_usd)') }} as scenario_ai_cost_usd,
        {{ money('sum(scenario_gross_profit_usd)') }} as scenario_gross_profit_usd
    from results
    where dimension <> 'all'
    group by
        scenario,
        dimension

),

wanted as (

    select
        overall.*,
        dimensions.part_dimension
    from overall
    cross join (values ('customer'), ('plan')) as dimensions (part_dimension)

)

select
    coalesce(wanted.scenario, parts.scenario) as scenario,
    coalesce(wanted.part_dimension, parts.dimension) as dimension,
    wanted.scenario_ai_cost_usd,
    parts.scenario_ai_cost_usd as parts_ai_cost_usd
from wanted
full outer join parts
    on wanted.scenario = parts.scenario
    and wanted.part_dimension = parts.dimension
where
    wanted.scenario is null
    or parts.scenario is null
    or wanted.baseline_revenue_usd is distinct from parts.baseline_revenue_usd
    or wanted.baseline_ai_cost_usd is distinct from parts.baseline_ai_cost_usd
    or wanted.baseline_gross_profit_usd is distinct from parts.baseline_gross_profit_usd
    or wanted.scenario_revenue_usd is distinct from parts.scenario_revenue_usd
    or wanted.scenario_ai_revenue_usd is distinct from parts.scenario_ai_revenue_usd
    or wanted.scenario_inference_cost_usd is distinct from parts.scenario_inference_cost_usd
    or wanted.scenario_ai_cost_usd is distinct from parts.scenario_ai_cost_usd
    or wanted.scenario_gross_profit_usd is distinct from parts.scenario_gross_profit_usd
