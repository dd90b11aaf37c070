-- Which payment settles which invoice, the newest version of each; test mode counts for nothing.
-- Grain: one row per invoice_payment_id.
with

source as (

    select * from {{ source('raw', 'stripe_invoice_payments') }}

),

renamed as (

    select

        ---------- ids
        invoice_id || ':' || coalesce(charge_id, '') || ':' || coalesce(payment_intent, '') as invoice_payment_id,
        invoice_id,
        charge_id,
        payment_intent as payment_intent_id,

        ---------- strings
        coalesce(status, 'paid') as payment_status,

        ---------- dates, UTC
        cast(created as date) as paid_date,

        ---------- amounts, in the minor unit
        coalesce(amount_paid, 0) as paid_minor_units,

        ---------- flags
        coalesce(livemode, true) as is_live,

        ---------- versions
        row_number() over (
            partition by invoice_id, charge_id, payment_intent
            order by _load_id desc nulls last, _source_row desc nulls last
        ) as version_rank

    from source

)

select
    invoice_payment_id,
    invoice_id,
    charge_id,
    payment_intent_id,
    payment_status,
    paid_date,
    paid_minor_units
from renamed
where version_rank = 1 and is_live
