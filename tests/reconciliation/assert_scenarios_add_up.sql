-- Customers and plans of a scenario add up to `all`, as it was and in the scenario, to the last digit: a part lost on
-- the way would only show as a scenario that looks cheaper. Both ways: a scenario without parts, and parts without it.
-- Customers that lose money are those whose own rows do; a plan's are not told apart here.
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
        {% for side in ['baseline', 'scenario', 'newly'] -%}
        cast(sum({{ side }}_loss_making_customer_count) as bigint) as {{ side }}_loss_making_customer_count,
        count(*) filter (
            where (is_{{ side }}_loss_making and dimension_value <> 'unattributed') <> ({{ side }}_loss_making_customer_count = 1)
            or {{ side }}_loss_making_customer_count > 1
        ) as broken_{{ side }}_count,
        {% endfor -%}
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
    {% for side in ['baseline', 'scenario', 'newly'] -%}
    or (
        wanted.part_dimension = 'customer'
        and (
            parts.broken_{{ side }}_count > 0
            or wanted.{{ side }}_loss_making_customer_count is distinct from parts.{{ side }}_loss_making_customer_count
        )
    )
    {% endfor -%}
    or wanted.baseline_revenue_usd is distinct from parts.baseline_revenue_usd
    or wanted.baseline_ai_cost_usd is distinct from parts.baseline_ai_cost_usd
    or wanted.baseline_gross_profit_usd is distinct from parts.baseline_gross_profit_usd
    or wanted.scenario_revenue_usd is distinct from parts.scenario_revenue_usd
    or wanted.scenario_ai_revenue_usd is distinct from parts.scenario_ai_revenue_usd
    or wanted.scenario_inference_cost_usd is distinct from parts.scenario_inference_cost_usd
    or wanted.scenario_ai_cost_usd is distinct from parts.scenario_ai_cost_usd
    or wanted.scenario_gross_profit_usd is distinct from parts.scenario_gross_profit_usd
