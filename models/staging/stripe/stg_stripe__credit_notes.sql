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
        product_id,

        ---------- strings
        coalesce(status, 'issued') as credit_note_status,
        upper(currency) as currency,

        ---------- times, UTC
        created as credited_at,
        cast(created as date) as credited_date,
        cast(voided_at as date) as voided_date,

        ---------- amounts, in the minor unit
        coalesce(total_excluding_tax, subtotal) as untaxed_minor_units,
        amount as amount_minor_units,

        ---------- flags
        coalesce(livemode, true) as is_live,

        ---------- versions
        row_number() over (
            partition by id
            order by _load_id desc nulls last, _source_row desc nulls last
        ) as version_rank

    from source

)

select
    credit_note_id,
    invoice_id,
    product_id,
    credit_note_status,
    currency,
    credited_at,
    credited_date,
    voided_date,
    untaxed_minor_units,
    amount_minor_units
from renamed
where version_rank = 1 and is_live
