-- CRM accounts merged in a circle, or into an account that was never landed: each keeps its own numbers until the CRM
-- names one survivor. A warning, because the CRM is somebody else's to mend.
{{ config(severity='warn') }}
select resolved.customer_id
from {{ ref('int_customers_resolved') }} as resolved
inner join {{ ref('int_crm_accounts') }} as accounts
    on resolved.customer_id = accounts.customer_id
where
    resolved.resolved_customer_id = resolved.customer_id
    and accounts.merged_into_customer_id <> accounts.customer_id
