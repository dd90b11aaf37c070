-- Money that came in, and the invoice it settles: the one the charge names, else the one that an invoice payment or the
-- invoice itself ties to the charge or its payment intent. Failed and uncaptured charges and test mode are left out.
-- Grain: one row per charge_id; invoice_id is null for a charge that is revenue by itself, because it settles no
-- invoice or one of which nothing was landed.
{{ config(materialized='table') }}
with

charges as (

    select * from {{ ref('stg_stripe__charges') }}
    where is_paid and is_live

),

invoices as (

    select * from {{ ref('stg_stripe__invoices') }}

),

payments as (

    select
        invoice_id,
        charge_id,
        payment_intent_id,
        paid_minor_units
    from {{ ref('stg_stripe__invoice_payments') }}
    where payment_status <> 'canceled'

    union all

    -- Before the API had invoice payments, the invoice named its charge.
    select
        invoice_id,
        charge_id,
        payment_intent_id,
        paid_minor_units
    from invoices
    where charge_id is not null or payment_intent_id is not null

),

landed as (

    select invoice_id from invoices

    union

    select invoice_id from {{ ref('stg_stripe__invoice_line_items') }}

),

named as (

    select
        charge_id,
        invoice_id,
        1 as link_rank,
        cast(0 as bigint) as paid_minor_units
    from charges
    where invoice_id is not null

    union all

    select
        charges.charge_id,
        payments.invoice_id,
        2 as link_rank,
        payments.paid_minor_units
    from charges
    inner join payments
        on charges.charge_id = payments.charge_id

    union all

    select
        charges.charge_id,
        payments.invoice_id,
        3 as link_rank,
        payments.paid_minor_units
    from charges
    inner join payments
        on charges.payment_intent_id = payments.payment_intent_id

),

ranked as (

    -- A payment that settles several invoices goes with the one that took most of it. What is counted by its invoice must
    -- not count once more by itself: an invoice that was landed goes first.
    select
        named.charge_id,
        named.invoice_id,
        landed.invoice_id as landed_invoice_id,
        row_number() over (
            partition by named.charge_id
            order by
                case when landed.invoice_id is not null then 1 else 2 end asc nulls last,
                named.link_rank asc nulls last,
                named.paid_minor_units desc nulls last,
                named.invoice_id asc nulls last
        ) as invoice_rank
    from named
    left join landed
        on named.invoice_id = landed.invoice_id

),

final as (

    select
        charges.charge_id,
        charges.stripe_customer_id,
        ranked.landed_invoice_id as invoice_id,
        ranked.invoice_id as named_invoice_id,
        charges.product_id,
        charges.currency,
        charges.charged_at,
        charges.charged_date,
        charges.amount_minor_units,
        charges.refunded_minor_units
    from charges
    left join ranked
        on
            charges.charge_id = ranked.charge_id
            and ranked.invoice_rank = 1

)

select * from final
