-- Invoices, the newest version of each; test mode counts for nothing.
-- Grain: one row per invoice_id.
with

source as (

    select * from {{ source('raw', 'stripe_invoices') }}

),

renamed as (

    select

        ---------- ids
        id as invoice_id,
        customer_id as stripe_customer_id,

        ---------- strings
        status as invoice_status,
        upper(currency) as currency,

        ---------- dates, UTC
        cast(created as date) as invoiced_date,

        ---------- amounts, in the minor unit
        total as total_minor_units,
        tax as tax_minor_units,

        ---------- versions
        coalesce(livemode, true) as is_live,
        row_number() over (
            partition by id
            order by _load_id desc nulls last, _source_row desc nulls last
        ) as version_rank

    from source

)

select
    invoice_id,
    stripe_customer_id,
    invoice_status,
    currency,
    invoiced_date,
    total_minor_units,
    tax_minor_units
from renamed
where version_rank = 1 and is_live
