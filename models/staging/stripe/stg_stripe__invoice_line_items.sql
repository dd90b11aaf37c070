-- Lines of invoices, the newest version of each.
-- Grain: one row per invoice_line_id.
with

source as (

    select * from {{ source('raw', 'stripe_invoice_line_items') }}

),

renamed as (

    select

        ---------- ids
        id as invoice_line_id,
        invoice_id,
        price_id,
        product_id,

        ---------- strings
        type as line_type,

        ---------- dates, UTC; the day of period_end is the first that is not served
        cast(period_start as date) as service_start_date,
        cast(period_end as date) as service_end_date,

        ---------- amounts, in the minor unit: a discount takes nothing off a negative line
        amount - case when amount > 0 then coalesce(discount_amount, 0) else 0 end as net_minor_units,

        ---------- versions
        row_number() over (
            partition by id
            order by _load_id desc nulls last, _source_row desc nulls last
        ) as version_rank

    from source

)

select
    invoice_line_id,
    invoice_id,
    price_id,
    product_id,
    line_type,
    service_start_date,
    service_end_date,
    net_minor_units
from renamed
where version_rank = 1
