-- Movements of prepaid credits, the newest version of each; test mode counts for nothing.
-- Grain: one row per credit_transaction_id.
with

source as (

    select * from {{ source('raw', 'stripe_credit_balance_transactions') }}

),

renamed as (

    select

        ---------- ids
        id as credit_transaction_id,
        credit_grant_id,
        invoice_id,

        ---------- strings
        type as transaction_type,

        ---------- dates, UTC
        cast(created as date) as moved_date,

        ---------- amounts, in the minor unit
        coalesce(amount, 0) as amount_minor_units,

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
    credit_transaction_id,
    credit_grant_id,
    invoice_id,
    transaction_type,
    moved_date,
    amount_minor_units
from renamed
where version_rank = 1 and is_live
