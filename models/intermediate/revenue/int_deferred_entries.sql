-- What moves the balance of invoiced service, by day and currency, except for service recognised evenly
-- (int_revenue_lines_monthly): invoices, credits used, reductions, and other losses beside it.
-- Grain: one row per entry_date, currency and entry_kind.
with

lines as (

    select * from {{ ref('int_invoice_lines_priced') }}

),

by_line as (

    select
        by_line.*,
        lines.currency,
        lines.line_kind
    from {{ ref('int_reductions_by_line') }} as by_line
    inner join lines
        on by_line.invoice_line_id = lines.invoice_line_id

),

adjustments as (

    select * from {{ ref('int_revenue_adjustments') }}
    where line_kind <> 'charge'

),

invoices as (

    select
        invoice_id,
        min(currency) as currency
    from lines
    group by invoice_id

),

awaited as (

    -- Credits used for the days before they expired, whose invoice came after: until then they stand against unbilled use.
    select
        requested.reduced_date,
        requested.settled_date,
        requested.requested_amount,
        invoices.currency
    from {{ ref('int_reductions_requested') }} as requested
    inner join invoices
        on requested.invoice_id = invoices.invoice_id
    where requested.reduction_kind = 'credits_used' and requested.settled_date > requested.reduced_date

),

entries as (

    select
        invoiced_date as entry_date,
        currency,
        'invoiced' as entry_kind,
        net_amount as entry_amount
    from lines
    where line_kind <> 'charge' and invoiced_date is not null

    union all

    -- Credits bought ahead pay for use that has an invoice of its own: the same money is not invoiced twice.
    select
        event_date as entry_date,
        currency,
        case event_kind when 'credits_used' then 'credits_used' else 'reduced' end as entry_kind,
        {{ money('left_before_amount - left_after_amount') }} as entry_amount
    from by_line
    where line_kind <> 'charge'

    {% for day, sign in [('reduced_date', ''), ('settled_date', '-')] -%}
    union all

    select
        {{ day }} as entry_date,
        currency,
        'credits_awaited' as entry_kind,
        {{ money(sign ~ 'requested_amount') }} as entry_amount
    from awaited

    {% endfor -%}
    union all

    -- Revenue that comes back is not reduced any more, and what is taken of it again is.
    select
        revenue_date as entry_date,
        currency,
        'returned' as entry_kind,
        adjustment_amount as entry_amount
    from adjustments
    where adjustment_kind in ('dispute_won', 'paid_before', 'paid_after_all', 'retaken')

    union all

    -- Bad debt: what was recognised and given up, less what had been paid of it or is paid after all.
    select
        revenue_date as entry_date,
        currency,
        'bad_debt' as entry_kind,
        {{ money('-adjustment_amount') }} as entry_amount
    from adjustments
    where adjustment_kind in ('uncollectible', 'paid_before', 'paid_after_all')

    union all

    select
        excess.event_date as entry_date,
        invoices.currency,
        'other_loss' as entry_kind,
        excess.other_loss_amount as entry_amount
    from {{ ref('int_reductions_excess') }} as excess
    inner join invoices
        on excess.invoice_id = invoices.invoice_id

    union all

    select
        reduced_date as entry_date,
        currency,
        'other_loss' as entry_kind,
        reduction_amount as entry_amount
    from {{ ref('int_reductions_unmatched') }}

),

final as (

    select
        entry_date,
        currency,
        entry_kind,
        {{ cost_sum('entry_amount') }} as entry_amount
    from entries
    group by
        entry_date,
        currency,
        entry_kind

)

select * from final
