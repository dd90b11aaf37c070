-- A payer the CRM does not know and an account without a payer, of one name or e-mail domain, are most likely one
-- customer. Revenue without cost and cost without revenue: it would lead the list of losses. Settle it in
-- stripe_customer_map. What it does not check: payers without a candidate, which may well be customers of their own.
{{ config(severity='warn') }}
select *
from {{ ref('unmatched_payers') }}
