-- Revenue booked on one day rather than served: contra revenue of reductions, what comes back of it, and what of that
-- is taken again.
-- Grain: one row per invoice_line_id, event_number and adjustment_kind.
{{ config(materialized='table') }}
with

lines as (

    select * from {{ ref('int_invoice_lines_priced') }}

),

returned as (

    select * from {{ ref('int_revenue_returned') }}

),

excess as (

    select * from {{ ref('int_reductions_excess') }}
    where retaken_amount <> 0

),

returned_by_line as (

    select
        excess.invoice_id,
        excess.event_number,
        returned.invoice_line_id,
        {{ cost_sum('returned.returned_amount') }} as line_returned_amount
    from excess
    inner join returned
        on
            excess.invoice_id = returned.invoice_id
            and excess.event_number > returned.event_number
            and excess.event_date >= returned.returned_date
    group by
        excess.invoice_id,
        excess.event_number,
        returned.invoice_line_id

),

retaken as (

    select
        returned_by_line.*,
        excess.event_date,
        excess.event_kind,
        {{ shared_part('excess.retaken_amount', ratio('returned_by_line.line_returned_amount',
            'sum(returned_by_line.line_returned_amount) over (
                partition by returned_by_line.invoice_id, returned_by_line.event_number
            )'), '1', 12) }} as retaken_amount
    from returned_by_line
    inner join excess
        on
            returned_by_line.invoice_id = excess.invoice_id
            and returned_by_line.event_number = excess.event_number

),

entries as (

    select
        invoice_line_id,
        event_number,
        event_kind as adjustment_kind,
        event_date as revenue_date,
        {{ money('-contra_amount') }} as adjustment_amount,
        {{ money('-contra_usd') }} as adjustment_usd
    from {{ ref('int_contra_revenue') }}

    union all

    select
        invoice_line_id,
        event_number,
        return_kind as adjustment_kind,
        returned_date as revenue_date,
        returned_amount as adjustment_amount,
        returned_usd as adjustment_usd
    from returned

    union all

    select
        retaken.invoice_line_id,
        retaken.event_number,
        'retaken' as adjustment_kind,
        retaken.event_date as revenue_date,
        {{ money('-retaken.retaken_amount') }} as adjustment_amount,
        {{ money('-1 * ' ~ converted('retaken.retaken_amount', 'lines.usd_per_unit')) }} as adjustment_usd
    from retaken
    inner join lines
        on retaken.invoice_line_id = lines.invoice_line_id

),

final as (

    select
        entries.invoice_line_id,
        entries.event_number,
        entries.adjustment_kind,
        entries.revenue_date,
        lines.invoice_id,
        lines.line_kind,
        lines.customer_id,
        lines.product_id,
        lines.currency,
        entries.adjustment_amount,
        entries.adjustment_usd
    from entries
    inner join lines
        on entries.invoice_line_id = lines.invoice_line_id
    where entries.adjustment_amount <> 0

)

select * from final
