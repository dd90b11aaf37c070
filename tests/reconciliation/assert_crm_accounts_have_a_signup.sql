-- Accounts without any date of a signup: they are in no cohort. A warning, because the CRM is somebody else's to mend.
{{ config(severity='warn') }}
select
    accounts.customer_id,
    accounts.customer_name
from {{ ref('int_crm_accounts') }} as accounts
inner join {{ ref('int_customers_resolved') }} as resolved
    on accounts.customer_id = resolved.customer_id
where
    accounts.signed_up_date is null
    and resolved.resolved_customer_id = accounts.customer_id
