-- Charges and paid invoices were landed and no charge names an invoice, by itself or by an invoice payment: every
-- invoiced dollar would count twice, once as invoice and once as a charge of its own. Land stripe_invoice_payments, or
-- charges with their invoice. An error that stops everything below: no number of this build would be right.
with

charges as (

    select * from {{ ref('stg_stripe__charges') }}
    where is_paid and is_live and amount_minor_units > 0

),

payments as (

    select * from {{ ref('stg_stripe__invoice_payments') }}

),

named as (

    select charge_id
    from charges
    where invoice_id is not null

    union all

    select charges.charge_id
    from charges
    inner join payments
        on charges.charge_id = payments.charge_id

    union all

    select charges.charge_id
    from charges
    inner join payments
        on charges.payment_intent_id = payments.payment_intent_id

),

counts as (

    select
        (select count(*) from charges) as charge_count,
        (select count(*) from named) as named_count,
        (
            select count(*) from {{ ref('stg_stripe__invoices') }}
            where invoice_status = 'paid' and is_live and paid_minor_units + coalesce(total_minor_units, 0) > 0
        ) as paid_invoice_count

)

select *
from counts
where charge_count > 0 and paid_invoice_count > 0 and named_count = 0
