-- Lines of counted invoices in the minor unit, without discount and tax, and what promotional credits pay of them.
-- Grain: one row per invoice_line_id.
-- What promotional credits pay ends nine places after the minor unit, as the lines do, and makes the credits exactly.
with

credits as (

    select
        invoice_id,
        cast(sum(promotional_minor_units) as bigint) as promotional_minor_units
    from {{ ref('int_invoice_credits_applied') }}
    group by invoice_id

),

lines as (

    select
        lines.*,
        coalesce(credits.promotional_minor_units, 0) as promotional_minor_units,
        -- Credits settle metered use; on an invoice without any, whatever is charged.
        case
            when max(case when lines.is_metered then 1 else 0 end) over (partition by lines.invoice_id) = 1
                and not lines.is_metered then 0
            else greatest(lines.gross_minor_units, 0)
        end as creditable_minor_units
    from {{ ref('int_invoice_lines_untaxed') }} as lines
    left join credits
        on lines.invoice_id = credits.invoice_id

),

running as (

    -- Running totals, rounded: their differences make the whole exactly.
    select
        *,
        cast(sum(creditable_minor_units) over lines_so_far as bigint) as running_creditable_units,
        cast(sum(creditable_minor_units) over (partition by invoice_id) as bigint) as invoice_creditable_units
    from lines
    window lines_so_far as (
        partition by invoice_id
        order by invoice_line_id asc nulls last
        rows between unbounded preceding and current row
    )

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
        untaxed_minor_units,
        {{ money('coalesce('
            ~ 'round(' ~ shared_part('promotional_minor_units', 'running_creditable_units',
                'invoice_creditable_units', 0) ~ ', 9)'
            ~ ' - round(' ~ shared_part('promotional_minor_units', 'running_creditable_units - creditable_minor_units',
                'invoice_creditable_units', 0) ~ ', 9)'
            ~ ', 0)') }} as promotional_minor_units
    from running

)

select * from final
