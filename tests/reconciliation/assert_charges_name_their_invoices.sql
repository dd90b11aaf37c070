-- Charges and paid invoices were landed and no charge names an invoice, or is named by one or by its payment: every
-- invoiced dollar would count twice, once as invoice and once as a charge of its own. Land stripe_invoice_payments, or
-- charges with their invoice. An error that stops everything below: no number of this build would be right.
with

charges as (

    select * from {{ ref('int_charges_tied') }}
    where amount_minor_units > 0

),

counts as (

    select
        (select count(*) from charges) as charge_count,
        (
            select count(*) from charges
            where named_invoice_id is not null
        ) as named_count,
        (
            select count(*) from {{ ref('stg_stripe__invoices') }}
            where invoice_status = 'paid' and is_live and paid_minor_units + coalesce(total_minor_units, 0) > 0
        ) as paid_invoice_count

)

select *
from counts
where charge_count > 0 and paid_invoice_count > 0 and named_count = 0
