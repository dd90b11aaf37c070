-- What each vendor billed for the days of the month shown that are over, beside what our own logs come to.
-- Grain: one row per provider, component and model tag.
select
    bills.resolved_provider,
    bills.component,
    bills.model_tag,
    cast(bills.computed_cost_usd as double) as computed_cost_usd,
    cast(bills.recognised_cost_usd as double) as billed_cost_usd,
    cast(bills.variance_usd as double) as variance_usd,
    cast(bills.unattributed_cost_usd as double) as unattributed_cost_usd,
    cast(bills.uncovered_computed_cost_usd as double) as uncovered_computed_cost_usd,
    bills.variance_class
from marts.bill_reconciliation_monthly as bills
inner join page_dates
    on bills.period_start_date = page_dates.month_date
order by
    bills.recognised_cost_usd desc nulls last,
    bills.resolved_provider asc nulls last,
    bills.component asc nulls last,
    bills.model_tag asc nulls last
