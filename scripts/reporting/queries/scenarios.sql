-- The last complete quarter as it was and in each scenario, the scenario that leaves most over first.
-- Grain: one row per scenario.
select
    scenario,
    period_start_date,
    cast(period_start_date + interval 2 months as date) as last_month_date,
    scenario_status,
    cast(baseline_ai_cost_usd as double) as baseline_ai_cost_usd,
    cast(baseline_revenue_usd as double) as baseline_revenue_usd,
    cast(baseline_gross_margin_ratio as double) as baseline_gross_margin_ratio,
    cast(baseline_ier as double) as baseline_ier,
    baseline_loss_making_customer_count,
    cast(scenario_ai_cost_usd as double) as scenario_ai_cost_usd,
    cast(scenario_revenue_usd as double) as scenario_revenue_usd,
    cast(scenario_gross_margin_ratio as double) as scenario_gross_margin_ratio,
    cast(scenario_ier as double) as scenario_ier,
    scenario_loss_making_customer_count,
    newly_loss_making_customer_count,
    cast(gross_profit_change_usd as double) as gross_profit_change_usd
from marts.scenario_results
where dimension = 'all'
order by gross_profit_change_usd desc nulls last, scenario asc nulls last
