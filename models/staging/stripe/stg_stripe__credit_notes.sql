-- Credit notes, the newest version of each; test mode counts for nothing.
-- Grain: one row per credit_note_id.
with

source as (

    select * from {{ source('raw', 'stripe_credit_notes') }}

),

renamed as (

    select

        ---------- ids
        id as credit_note_id,
        invoice_id,
        refund_id,
        product_id,

        ---------- strings
        coalesce(status, 'issued') as credit_note_status,

        ---------- dates, UTC
        cast(created as date) as credited_date,

        ---------- amounts, in the minor unit
        subtotal as subtotal_minor_units,
        amount as amount_minor_units,

        ---------- versions
        coalesce(livemode, true) as is_live,
        row_number() over (
            partition by id
            order by _load_id desc nulls last, _source_row desc nulls last
        ) as version_rank

    from source

)

select
    credit_note_id,
    invoice_id,
    refund_id,
    product_id,
    credit_note_status,
    credited_date,
    subtotal_minor_units,
    amount_minor_units
from renamed
where version_rank = 1 and is_live
