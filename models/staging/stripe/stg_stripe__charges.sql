-- Attempts to take money, the newest version of each; test mode counts for nothing.
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

        ---------- strings
        status as charge_status,
        upper(coalesce(currency, 'USD')) as currency,

        ---------- dates, UTC
        cast(created as date) as charged_date,

        ---------- amounts, in the minor unit
        coalesce(amount, 0) as amount_minor_units,

        ---------- versions
        coalesce(livemode, true) as is_live,
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
    charge_status,
    currency,
    charged_date,
    amount_minor_units
from renamed
where version_rank = 1 and is_live
