-- Money paid back, the newest version of each; test mode counts for nothing.
-- Grain: one row per refund_id.
with

source as (

    select * from {{ source('raw', 'stripe_refunds') }}

),

renamed as (

    select

        ---------- ids
        id as refund_id,
        charge_id,

        ---------- strings
        status as refund_status,
        upper(currency) as currency,

        ---------- times, UTC
        created as refunded_at,
        cast(created as date) as refunded_date,

        ---------- amounts, in the minor unit
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
    refund_id,
    charge_id,
    refund_status,
    currency,
    refunded_at,
    refunded_date,
    amount_minor_units
from renamed
where version_rank = 1 and is_live
