-- What the landed lines of an invoice lack of its total without tax: pages that were cut off, lines that were not
-- landed or were deleted from a draft, discounts that only the total shows.
-- Grain: one row per invoice_id where lines and total differ; the amount may be negative.
with

invoices as (

    select * from {{ ref('int_invoices_counted') }}
    where invoice_kind = 'invoice' and untaxed_minor_units is not null

),

lines as (

    select
        invoice_id,
        min(case when service_end_at > service_start_at then service_start_at end) as service_start_at,
        max(case when service_end_at > service_start_at then service_end_at end) as service_end_at,
        cast(count(*) as bigint) as line_count,
        {{ cost_sum('untaxed_minor_units - promotional_minor_units') }} as net_minor_units
    from {{ ref('int_invoice_lines_netted') }}
    group by invoice_id

),

credits as (

    select
        invoice_id,
        cast(sum(paid_minor_units) as bigint) as paid_minor_units
    from {{ ref('int_invoice_credits_applied') }}
    group by invoice_id

),

compared as (

    select
        invoices.invoice_id,
        coalesce(lines.line_count, 0) as line_count,
        case when lines.line_count > 0 then lines.service_start_at else invoices.period_start_at end as service_start_at,
        case when lines.line_count > 0 then lines.service_end_at else invoices.period_end_at end as service_end_at,
        {{ money('invoices.untaxed_minor_units + coalesce(credits.paid_minor_units, 0)'
            ~ ' - coalesce(lines.net_minor_units, 0)') }} as unexplained_minor_units
    from invoices
    left join lines
        on invoices.invoice_id = lines.invoice_id
    left join credits
        on invoices.invoice_id = credits.invoice_id

),

final as (

    select
        invoice_id,
        line_count,
        service_start_at,
        service_end_at,
        unexplained_minor_units
    from compared
    where unexplained_minor_units <> 0

)

select * from final
