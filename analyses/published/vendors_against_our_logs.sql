-- What did each vendor bill, what do our logs say it should have been, and who carries the difference?
--
-- Parameters: month, any day of it (the last complete month).
-- Read it: a row is a vendor's component. variance_usd is billed less computed, of days that a bill covers; calls of
-- other days are estimated_cost_usd. nobodys_cost_usd was billed and is carried by no customer. Look first at usage_gap
-- (calls missing from our logs) and unexplained (a bill beyond the cap).
-- Traps: a shared bill (gpu_compute, vector_db, other_ai, other_cogs) has nothing computed: null, not 0. Rows by model
-- tag are added up, one class each: classes lists them. Tax and credits are no cost and stand aside. What is billed for
-- days to come is prepaid and not in billed_cost_usd here.
with

params as (

    select coalesce(date_trunc('month', cast(getvariable('month') as date)), max(period_start_date)) as month_date
    from marts.gross_margin_monthly
    where dimension = 'all' and is_complete

)

select
    bills.resolved_provider,
    bills.component,
    round(sum(bills.recognised_cost_usd), 6) as billed_cost_usd,
    round(sum(bills.computed_cost_usd), 6) as computed_cost_usd,
    round(sum(bills.variance_usd), 6) as variance_usd,
    round(sum(bills.variance_usd) / nullif(sum(bills.recognised_cost_usd), 0), 4) as variance_ratio,
    array_to_string(list_sort(list_distinct(list(bills.variance_class))), ', ') as classes,
    round(coalesce(sum(bills.uncovered_computed_cost_usd), 0), 6) as estimated_cost_usd,
    round(sum(bills.unattributed_cost_usd), 6) as nobodys_cost_usd,
    round(sum(bills.credit_usd), 6) as credit_usd,
    round(sum(bills.tax_usd), 6) as tax_usd
from marts.bill_reconciliation_monthly as bills
inner join params
    on bills.period_start_date = params.month_date
group by
    bills.resolved_provider,
    bills.component
order by
    billed_cost_usd desc,
    bills.resolved_provider asc,
    bills.component asc
