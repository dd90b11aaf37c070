-- What a run and a completed outcome of each workflow cost in the month shown. Grain: one row per workflow.
select distinct
    costs.workflow,
    costs.run_count,
    costs.completed_outcome_count,
    cast(costs.workflow_cost_usd as double) as workflow_cost_usd,
    cast(costs.workflow_cost_per_run_usd as double) as cost_per_run_usd,
    cast(costs.workflow_cost_per_outcome_usd as double) as cost_per_outcome_usd,
    costs.outcome_status
from marts.workflow_costs_monthly as costs
inner join page_dates
    on costs.period_start_date = page_dates.month_date
order by workflow_cost_usd desc nulls last, costs.workflow asc nulls last
