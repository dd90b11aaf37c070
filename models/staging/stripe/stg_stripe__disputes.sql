-- Payments that customers had taken back, the newest version of each; test mode counts for nothing.
-- Grain: one row per dispute_id.
with

source as (

    select * from {{ source('raw', 'stripe_disputes') }}

),

renamed as (

    select

        ---------- ids
        id as dispute_id,
        charge_id,

        ---------- strings
        status as dispute_status,
        upper(currency) as currency,

        ---------- dates, UTC
        cast(coalesce(funds_withdrawn_at, created) as date) as withdrawn_date,
        cast(funds_reinstated_at as date) as reinstated_date,

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
    dispute_id,
    charge_id,
    dispute_status,
    currency,
    withdrawn_date,
    reinstated_date,
    amount_minor_units
from renamed
where version_rank = 1 and is_live
