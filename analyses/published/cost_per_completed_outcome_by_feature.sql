-- What does a completed outcome cost, and which feature costs it?
--
-- Parameters: month, any day of it (the last complete month).
-- Read it: a row is a feature's part of a workflow. Runs that failed or were abandoned are paid by the completed ones.
-- cost_per_outcome_usd adds up over the features of a workflow to workflow_cost_per_outcome_usd.
-- Traps: outcomes are the workflow's, the same on each of its features: never add them up over features. Without an
-- outcome landed (workflow_outcomes) there is no cost per outcome: null, not 0. Internal use is left out.
with

params as (

    select coalesce(date_trunc('month', cast(getvariable('month') as date)), max(period_start_date)) as month_date
    from marts.gross_margin_monthly
    where dimension = 'all' and is_complete

),

features as (

    select
        usage_daily.workflow,
        usage_daily.feature,
        sum(usage_daily.call_count) as call_count,
        sum(usage_daily.ai_cost_usd) as ai_cost_usd
    from marts.fct_usage_daily as usage_daily
    inner join params
        on params.month_date = date_trunc('month', usage_daily.usage_date)
    inner join marts.dim_customers as customers
        on usage_daily.customer_id = customers.customer_id
    where not customers.is_internal
    group by
        usage_daily.workflow,
        usage_daily.feature

),

-- One row per workflow: its runs and outcomes stand on each of its steps.
workflows as (

    select
        costs.workflow,
        max(costs.run_count) as run_count,
        max(costs.completed_outcome_count) as completed_outcome_count,
        max(costs.workflow_cost_usd) as workflow_cost_usd
    from marts.workflow_costs_monthly as costs
    inner join params
        on costs.period_start_date = params.month_date
    group by costs.workflow

)

select
    features.workflow,
    features.feature,
    cast(features.call_count as bigint) as call_count,
    workflows.run_count,
    workflows.completed_outcome_count,
    round(features.ai_cost_usd, 6) as ai_cost_usd,
    round(features.ai_cost_usd / nullif(workflows.completed_outcome_count, 0), 6) as cost_per_outcome_usd,
    round(workflows.workflow_cost_usd / nullif(workflows.completed_outcome_count, 0), 6)
        as workflow_cost_per_outcome_usd
from features
left join workflows
    on features.workflow = workflows.workflow
order by
    workflow_cost_per_outcome_usd desc nulls last,
    features.workflow asc,
    ai_cost_usd desc
