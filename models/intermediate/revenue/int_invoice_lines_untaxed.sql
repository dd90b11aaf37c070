-- Lines of counted invoices in the minor unit, without discount and tax.
-- Grain: one row per invoice_line_id.
-- Tax is inside when the lines make the total with tax: a line's own tax comes off, else each line's part of it.
-- Parts end nine places after the minor unit: so they are exact in the currency's own unit too, and make the invoice.
-- A table: several models read it, directly and by way of views.
{{ config(materialized='table') }}

with

lines as (

    select
        lines.*,
        invoices.total_minor_units,
        invoices.untaxed_minor_units,
        invoices.tax_minor_units as invoice_tax_minor_units,
        coalesce(prices.usage_type, '') = 'metered' as is_metered,
        -- A price without an interval recurs on a line of type subscription. A line without a known price is recurring when
        -- Stripe says that a subscription made it, for a period: a fee of one moment is no plan.
        coalesce(
            case
                when prices.is_recurring then true
                when prices.price_id is not null then lines.line_type = 'subscription'
                else
                    (lines.line_type = 'subscription' or lines.subscription_id is not null)
                    and lines.service_end_at > lines.service_start_at
            end,
            false
        ) as is_recurring
    from {{ ref('stg_stripe__invoice_line_items') }} as lines
    inner join {{ ref('int_invoices_counted') }} as invoices
        on lines.invoice_id = invoices.invoice_id
    left join {{ ref('stg_stripe__prices') }} as prices
        on lines.price_id = prices.price_id

),

credits as (

    select
        invoice_id,
        cast(sum(used_minor_units) as bigint) as applied_minor_units
    from {{ ref('int_invoice_credits_used') }}
    group by invoice_id

),

summed as (

    -- Running totals are rounded: their differences make the whole exactly.
    select
        lines.*,
        coalesce(credits.applied_minor_units, 0) as applied_minor_units,
        cast(sum(lines.gross_minor_units) over lines_so_far as bigint) as running_minor_units,
        cast(sum(lines.gross_minor_units) over (partition by lines.invoice_id) as bigint) as invoice_gross_minor_units,
        max(lines.tax_minor_units) over (partition by lines.invoice_id) is not null as is_tax_stated
    from lines
    left join credits
        on lines.invoice_id = credits.invoice_id
    window lines_so_far as (
        partition by lines.invoice_id
        order by lines.invoice_line_id asc nulls last
        rows between unbounded preceding and current row
    )

),

taxed as (

    select
        *,
        case
            when
                untaxed_minor_units is not null
                and invoice_gross_minor_units - applied_minor_units = untaxed_minor_units
                then 'outside'
            when is_tax_stated then 'stated'
            when invoice_gross_minor_units - applied_minor_units = total_minor_units and invoice_tax_minor_units > 0
                then 'shared'
            else 'outside'
        end as tax_place
    from summed

),

final as (

    select
        invoice_line_id,
        line_id,
        invoice_id,
        price_id,
        product_id,
        subscription_id,
        service_start_at,
        service_end_at,
        quantity,
        is_proration,
        is_recurring,
        is_metered,
        gross_minor_units,
        {{ money('case tax_place'
            ~ " when 'stated' then " ~ money('gross_minor_units - coalesce(tax_minor_units, 0)')
            ~ " when 'shared' then " ~ money(
                'round(' ~ shared_part('running_minor_units', 'untaxed_minor_units + applied_minor_units',
                    'invoice_gross_minor_units', 0) ~ ', 9)'
                ~ ' - round(' ~ shared_part('running_minor_units - gross_minor_units',
                    'untaxed_minor_units + applied_minor_units', 'invoice_gross_minor_units', 0) ~ ', 9)')
            ~ ' else ' ~ money('gross_minor_units') ~ ' end') }} as untaxed_minor_units
    from taxed

)

select * from final
