-- T10: what a provider billed for covered calls differs from the price book (after overrides) by more than 2 %, and no
-- call is missing and no correction explains it: a price of the book is wrong, or a negotiated one is not in
-- price_overrides. A warning: the bill holds in any case.
{{ config(severity='warn') }}
select
    period_start_date,
    resolved_provider,
    component,
    computed_cost_usd,
    billed_cost_usd,
    variance_usd
from {{ ref('bill_reconciliation_monthly') }}
where
    variance_class = 'price_difference'
    and abs(variance_usd) > 0.02 * abs(billed_cost_usd)
