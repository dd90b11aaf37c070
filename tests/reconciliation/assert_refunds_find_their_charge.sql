-- Refunds and credit notes whose charge or invoice was never landed: they reduce nothing. A warning, because an export
-- may begin after the charge.
{{ config(severity='warn') }}
select
    refunds.refund_id as reduction_id,
    refunds.charge_id as missing_id
from {{ ref('stg_stripe__refunds') }} as refunds
left join {{ ref('stg_stripe__charges') }} as charges
    on refunds.charge_id = charges.charge_id
left join {{ ref('stg_stripe__invoices') }} as invoices
    on charges.invoice_id = invoices.invoice_id
where charges.charge_id is null or (charges.invoice_id is not null and invoices.invoice_id is null)

union all

select
    notes.credit_note_id as reduction_id,
    notes.invoice_id as missing_id
from {{ ref('stg_stripe__credit_notes') }} as notes
left join {{ ref('stg_stripe__invoices') }} as invoices
    on notes.invoice_id = invoices.invoice_id
where invoices.invoice_id is null
