-- Attempts to take money, the newest version of each. Those in test mode stay, marked: their refunds count for
-- nothing either.
-- Grain: one row per charge_id.
with

source as (

    select * from {{ source('raw', 'stripe_charges') }}

),

renamed as (

    select

        ---------- ids
        id as charge_id,
        customer_id as stripe_customer_id,
        invoice_id,
        payment_intent as payment_intent_id,
        {{ whole_id(json_text('metadata', 'product_id')) }} as product_id,

        ---------- strings
        status as charge_status,
        upper(coalesce(currency, 'USD')) as currency,

        ---------- times, UTC
        created as charged_at,
        cast(created as date) as charged_date,

        ---------- amounts, in the minor unit
        coalesce(amount, 0) as amount_minor_units,
        coalesce(amount_refunded, 0) as refunded_minor_units,

        ---------- flags
        status = 'succeeded' and coalesce(captured, true) as is_paid,
        coalesce(livemode, true) as is_live,

        ---------- versions
        row_number() over (
            partition by id
            order by _load_id desc nulls last, _source_row desc nulls last
        ) as version_rank

    from source

)

select
    charge_id,
    stripe_customer_id,
    invoice_id,
    payment_intent_id,
    product_id,
    charge_status,
    currency,
    charged_at,
    charged_date,
    amount_minor_units,
    refunded_minor_units,
    is_paid,
    is_live
from renamed
where version_rank = 1
