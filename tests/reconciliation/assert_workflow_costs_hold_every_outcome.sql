-- Every landed outcome is counted once, in the month it was known; each workflow costs what cost_per_inference says.
with

landed as (

    select
        count(*) as outcome_count,
        count(*) filter (where outcomes.outcome = 'completed') as completed_outcome_count
    from {{ ref('int_outcomes_landed') }} as outcomes
    left join {{ ref('int_outcomes_attributed') }} as attributed
        on outcomes.workflow_run_id = attributed.workflow_run_id
    where attributed.is_internal is distinct from true

),

by_workflow as (

    select
        period_start_date,
        workflow,
        max(outcome_count) as outcome_count,
        max(completed_outcome_count) as completed_outcome_count,
        {{ cost_sum('ai_cost_usd') }} as ai_cost_usd,
        max(workflow_cost_usd) as workflow_cost_usd
    from {{ ref('workflow_costs_monthly') }}
    group by
        period_start_date,
        workflow

),

counted as (

    select
        coalesce(sum(outcome_count), 0) as outcome_count,
        coalesce(sum(completed_outcome_count), 0) as completed_outcome_count
    from by_workflow

),

costs as (

    select
        period_start_date,
        dimension_value,
        ai_cost_usd
    from {{ ref('cost_per_inference') }}
    where
        period_grain = 'month'
        and dimension = 'workflow'

)

select
    'outcomes' as what,
    cast(landed.outcome_count as string) as expected,
    cast(counted.outcome_count as string) as found
from landed
cross join counted
where
    landed.outcome_count <> counted.outcome_count
    or landed.completed_outcome_count <> counted.completed_outcome_count

union all

select
    'cost of ' || coalesce(costs.dimension_value, by_workflow.workflow) as what,
    cast(costs.ai_cost_usd as string) as expected,
    cast(by_workflow.ai_cost_usd as string) as found
from costs
full outer join by_workflow
    on costs.period_start_date = by_workflow.period_start_date
    and costs.dimension_value = by_workflow.workflow
where
    coalesce(costs.ai_cost_usd, 0) <> coalesce(by_workflow.ai_cost_usd, 0)
    or by_workflow.ai_cost_usd <> by_workflow.workflow_cost_usd
