-- Prepaid credits given to customers, the newest version of each; test mode counts for nothing.
-- Grain: one row per credit_grant_id.
with

source as (

    select * from {{ source('raw', 'stripe_credit_grants') }}

),

renamed as (

    select

        ---------- ids
        id as credit_grant_id,
        customer_id as stripe_customer_id,
        invoice_id,

        ---------- strings
        category as grant_category,
        upper(currency) as currency,

        ---------- dates, UTC
        cast(expires_at as date) as expired_date,

        ---------- amounts, in the minor unit
        coalesce(amount, 0) as granted_minor_units,

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
    credit_grant_id,
    stripe_customer_id,
    invoice_id,
    grant_category,
    currency,
    expired_date,
    granted_minor_units
from renamed
where version_rank = 1 and is_live
