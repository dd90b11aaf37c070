-- What a workflow costs per run and per completed outcome, and which of its steps the money goes to.
-- Grain: one row per period_start_date, workflow and step.
-- Cost of all calls, failed and abandoned runs included, divided by what was completed. Runs and outcomes are the
-- workflow's, the same on each of its steps: the steps' costs per run and per outcome add up to the workflow's.
-- decisions.md, Workflow costs.
with

usage_rows as (

    select
        usage_daily.*,
        cast({{ dbt.date_trunc('month', 'usage_daily.usage_date') }} as date) as period_start_date
    from {{ ref('fct_usage_daily') }} as usage_daily
    inner join {{ ref('dim_customers') }} as customers
        on usage_daily.customer_id = customers.customer_id
    where not customers.is_internal

),

calls as (

    select
        cast({{ dbt.date_trunc('month', 'calls.usage_date') }} as date) as period_start_date,
        calls.workflow,
        calls.step,
        calls.workflow_run_id
    from {{ ref('fct_inference_calls') }} as calls
    inner join {{ ref('dim_customers') }} as customers
        on calls.customer_id = customers.customer_id
    where
        not customers.is_internal
        and calls.workflow_run_id is not null

),

outcomes as (

    select * from {{ ref('int_outcomes_attributed') }}
    where not is_internal

),

step_costs as (

    select
        period_start_date,
        workflow,
        step,
        {{ token_sum('call_count') }} as call_count,
        {{ token_sum('successful_inference_count') }} as successful_inference_count,
        {{ token_sum('unpriced_call_count') }} as unpriced_call_count,
        {{ cost_sum('ai_cost_usd') }} as ai_cost_usd,
        {{ cost_sum('ai_cost_usd', "customer_id = 'unattributed'") }} as unattributed_cost_usd,
        {{ weakest_cost_status('cost_status') }} as cost_status
    from usage_rows
    group by
        period_start_date,
        workflow,
        step

),

step_runs as (

    select
        period_start_date,
        workflow,
        step,
        count(distinct workflow_run_id) as step_run_count
    from calls
    group by
        period_start_date,
        workflow,
        step

),

workflow_runs as (

    select
        period_start_date,
        workflow,
        count(distinct workflow_run_id) as run_count
    from calls
    group by
        period_start_date,
        workflow

),

workflow_outcomes as (

    select
        cast({{ dbt.date_trunc('month', 'resolved_date') }} as date) as period_start_date,
        workflow,
        count(*) as outcome_count,
        count(*) filter (where outcome = 'completed') as completed_outcome_count
    from outcomes
    group by
        cast({{ dbt.date_trunc('month', 'resolved_date') }} as date),
        workflow

),

keys as (

    select
        period_start_date,
        workflow,
        step
    from step_costs

    union

    -- Outcomes of a month in which the workflow made no call.
    select
        workflow_outcomes.period_start_date,
        workflow_outcomes.workflow,
        'unattributed' as step
    from workflow_outcomes
    left join step_costs
        on workflow_outcomes.period_start_date = step_costs.period_start_date
        and workflow_outcomes.workflow = step_costs.workflow
    where step_costs.workflow is null

),

joined as (

    select
        keys.period_start_date,
        keys.workflow,
        keys.step,
        coalesce(step_costs.call_count, 0) as call_count,
        coalesce(step_costs.successful_inference_count, 0) as successful_inference_count,
        coalesce(step_costs.unpriced_call_count, 0) as unpriced_call_count,
        coalesce(step_runs.step_run_count, 0) as step_run_count,
        coalesce(workflow_runs.run_count, 0) as run_count,
        coalesce(workflow_outcomes.outcome_count, 0) as outcome_count,
        coalesce(workflow_outcomes.completed_outcome_count, 0) as completed_outcome_count,
        {{ money('coalesce(step_costs.ai_cost_usd, 0)') }} as ai_cost_usd,
        {{ money('coalesce(step_costs.unattributed_cost_usd, 0)') }} as unattributed_cost_usd,
        coalesce(step_costs.cost_status, 'estimated') as cost_status
    from keys
    left join step_costs
        on keys.period_start_date = step_costs.period_start_date
        and keys.workflow = step_costs.workflow
        and keys.step = step_costs.step
    left join step_runs
        on keys.period_start_date = step_runs.period_start_date
        and keys.workflow = step_runs.workflow
        and keys.step = step_runs.step
    left join workflow_runs
        on keys.period_start_date = workflow_runs.period_start_date
        and keys.workflow = workflow_runs.workflow
    left join workflow_outcomes
        on keys.period_start_date = workflow_outcomes.period_start_date
        and keys.workflow = workflow_outcomes.workflow

),

ranked as (

    select
        *,
        {{ money('sum(ai_cost_usd) over (partition by period_start_date, workflow)') }} as workflow_cost_usd,
        {{ money(
            'coalesce(sum(ai_cost_usd) over (partition by period_start_date, workflow'
            ~ ' order by ai_cost_usd desc nulls last, step asc nulls last'
            ~ ' rows between unbounded preceding and 1 preceding), 0)'
        ) }} as dearer_steps_cost_usd
    from joined

),

begun as (

    -- No period after as_of_date has a row.
    select
        ranked.*,
        {{ is_complete('ranked.period_start_date', 'month') }} as is_complete
    from ranked
    inner join {{ ref('int_as_of_date') }} as as_of
        on ranked.period_start_date <= as_of.as_of_date

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
    from begun

)

select * from final
