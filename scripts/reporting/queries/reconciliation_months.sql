-- The vendors' bills of the last six months and where they went. Grain: one row per month.
-- Billed is what is billed for days up to as_of_date: calls can carry no more.
select
    bills.period_start_date,
    cast(sum(bills.recognised_cost_usd) as double) as billed_cost_usd,
    cast(sum(bills.prepaid_usd) as double) as prepaid_usd,
    cast(sum(bills.allocated_cost_usd) as double) as allocated_cost_usd,
    cast(sum(bills.unattributed_cost_usd) as double) as unattributed_cost_usd,
    cast(sum(bills.uncovered_computed_cost_usd) as double) as uncovered_computed_cost_usd,
    cast(sum(bills.credit_usd) as double) as credit_usd,
    cast(sum(bills.tax_usd) as double) as tax_usd,
    last_day(bills.period_start_date) <= page_dates.as_of_date as is_complete
from marts.bill_reconciliation_monthly as bills
cross join page_dates
where
    bills.period_start_date <= page_dates.as_of_date
    and bills.period_start_date > page_dates.as_of_date - interval 6 months
group by bills.period_start_date, page_dates.as_of_date
order by bills.period_start_date desc nulls last
