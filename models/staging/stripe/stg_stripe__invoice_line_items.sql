-- Lines of invoices, the newest version of each. Old versions of the API repeat line ids across invoices.
-- Grain: one row per invoice_line_id.
with

source as (

    select * from {{ source('raw', 'stripe_invoice_line_items') }}

),

renamed as (

    select

        ---------- ids
        invoice_id || ':' || id as invoice_line_id,
        id as line_id,
        invoice_id,
        price_id,
        product_id,
        subscription_id,

        ---------- strings
        type as line_type,
        upper(currency) as currency,

        ---------- times, UTC; the end is exclusive
        period_start as service_start_at,
        period_end as service_end_at,

        ---------- numbers; amounts in the minor unit: a discount takes nothing off a negative line
        quantity,
        amount as amount_minor_units,
        amount - case when amount > 0 then coalesce(discount_amount, 0) else 0 end as gross_minor_units,
        tax_amount as tax_minor_units,

        ---------- flags
        coalesce(proration, false) as is_proration,

        ---------- versions
        row_number() over (
            partition by invoice_id, id
            order by _load_id desc nulls last, _source_row desc nulls last
        ) as version_rank

    from source

)

select
    invoice_line_id,
    line_id,
    invoice_id,
    price_id,
    product_id,
    subscription_id,
    line_type,
    currency,
    service_start_at,
    service_end_at,
    quantity,
    amount_minor_units,
    gross_minor_units,
    tax_minor_units,
    is_proration
from renamed
where version_rank = 1
