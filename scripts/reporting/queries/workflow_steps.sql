-- Where the AI spend of the month shown goes; the dearest step first. Grain: one row per workflow and step.
select
    costs.workflow,
    costs.step,
    costs.call_count,
    cast(costs.ai_cost_usd as double) as ai_cost_usd,
    cast(costs.ai_cost_usd as double) / nullif(cast(sum(costs.ai_cost_usd) over () as double), 0) as cost_ratio
from marts.workflow_costs_monthly as costs
inner join page_dates
    on costs.period_start_date = page_dates.month_date
where costs.ai_cost_usd <> 0
order by costs.ai_cost_usd desc nulls last, costs.workflow asc nulls last, costs.step asc nulls last
