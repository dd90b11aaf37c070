-- What a workflow costs per run and per completed outcome, and which of its steps the money goes to.
-- Grain: one row per period_start_date, workflow and step.
-- Cost of all calls, failed and abandoned runs included, divided by what was completed. Runs and outcomes are the
-- workflow's, the same on each of its steps: the steps' costs per run and per outcome add up to the workflow's.
-- decisions.md, Workflow costs.
{% set keys = ['period_start_date', 'workflow', 'step'] %}
with

runs as (

    select * from {{ ref('int_workflow_runs_monthly') }}

),

step_costs as (

    select
        cast({{ dbt.date_trunc('month', 'usage_daily.usage_date') }} as date) as period_start_date,
        usage_daily.workflow,
        usage_daily.step,
        {{ token_sum('usage_daily.call_count') }} as call_count,
        {{ token_sum('usage_daily.successful_inference_count') }} as successful_inference_count,
        {{ token_sum('usage_daily.unpriced_call_count') }} as unpriced_call_count,
        {{ cost_sum('usage_daily.ai_cost_usd') }} as ai_cost_usd,
        {{ cost_sum('usage_daily.ai_cost_usd', "usage_daily.customer_id = 'unattributed'") }} as unattributed_cost_usd,
        {{ weakest_cost_status('usage_daily.cost_status') }} as cost_status
    from {{ ref('fct_usage_daily') }} as usage_daily
    inner join {{ ref('dim_customers') }} as customers
        on usage_daily.customer_id = customers.customer_id
    where not customers.is_internal
    group by period_start_date, usage_daily.workflow, usage_daily.step

),

outcomes as (

    select
        cast({{ dbt.date_trunc('month', 'resolved_date') }} as date) as period_start_date,
        workflow,
        count(*) as outcome_count,
        count(*) filter (where outcome = 'completed') as completed_outcome_count
    from {{ ref('int_outcomes_attributed') }}
    where not is_internal
    group by period_start_date, workflow

),

steps as (

    -- Outcomes of a month in which the workflow made no call stand on a step of their own.
    select
        coalesce(step_costs.period_start_date, outcomes.period_start_date) as period_start_date,
        coalesce(step_costs.workflow, outcomes.workflow) as workflow,
        coalesce(step_costs.step, 'unattributed') as step,
        {% for count in ['call', 'successful_inference', 'unpriced_call'] -%}
        coalesce(step_costs.{{ count }}_count, 0) as {{ count }}_count,
        {% endfor -%}
        coalesce(outcomes.outcome_count, 0) as outcome_count,
        coalesce(outcomes.completed_outcome_count, 0) as completed_outcome_count,
        {{ money('coalesce(step_costs.ai_cost_usd, 0)') }} as ai_cost_usd,
        {{ money('coalesce(step_costs.unattributed_cost_usd, 0)') }} as unattributed_cost_usd,
        coalesce(step_costs.cost_status, 'estimated') as cost_status
    from step_costs
    full outer join outcomes
        on step_costs.period_start_date = outcomes.period_start_date
        and step_costs.workflow = outcomes.workflow

),

ranked as (

    select
        steps.*,
        coalesce(step_runs.run_count, 0) as step_run_count,
        coalesce(workflow_runs.run_count, 0) as run_count,
        {{ money('sum(steps.ai_cost_usd) over (partition by steps.period_start_date, steps.workflow)') }}
            as workflow_cost_usd,
        {{ money(
            'coalesce(sum(steps.ai_cost_usd) over (partition by steps.period_start_date, steps.workflow'
            ~ ' order by steps.ai_cost_usd desc nulls last, steps.step asc nulls last'
            ~ ' rows between unbounded preceding and 1 preceding), 0)'
        ) }} as dearer_steps_cost_usd,
        {{ is_complete('steps.period_start_date', 'month') }} as is_complete
    from steps
    -- No period after as_of_date has a row.
    inner join {{ ref('int_as_of_date') }} as as_of
        on steps.period_start_date <= as_of.as_of_date
    left join runs as step_runs
        on {{ same_keys('steps', 'step_runs', keys) }}
    left join runs as workflow_runs
        on {{ same_keys('steps', 'workflow_runs', keys[:2]) }}
        and workflow_runs.step = 'all'

),

final as (

    select
        period_start_date,
        workflow,
        step,
        call_count,
        successful_inference_count,
        step_run_count,
        run_count,
        outcome_count,
        completed_outcome_count,
        ai_cost_usd,
        workflow_cost_usd,
        {{ ratio('ai_cost_usd', 'run_count') }} as cost_per_run_usd,
        {{ ratio('ai_cost_usd', 'completed_outcome_count') }} as cost_per_outcome_usd,
        {{ ratio('workflow_cost_usd', 'run_count') }} as workflow_cost_per_run_usd,
        {{ ratio('workflow_cost_usd', 'completed_outcome_count') }} as workflow_cost_per_outcome_usd,
        {{ ratio('ai_cost_usd', 'workflow_cost_usd') }} as step_cost_ratio,
        -- The fewest steps that together make more than half of the spend, the dearest first.
        ai_cost_usd > 0 and 2 * dearer_steps_cost_usd <= workflow_cost_usd as is_majority_step,
        case
            when run_count = 0 then 'no_run'
            when completed_outcome_count = 0 then 'no_completed_outcome'
            else 'complete'
        end as outcome_status,
        {{ ratio('unpriced_call_count', 'call_count') }} as unpriced_ratio,
        {{ ratio('unattributed_cost_usd', 'ai_cost_usd') }} as unattributed_ratio,
        cost_status,
        is_complete
    from ranked

)

select * from final
