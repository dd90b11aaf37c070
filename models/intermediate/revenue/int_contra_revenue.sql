-- What an event of an invoice takes off the days of a line that are gone by: booked on the day of the event. Negative
-- where a voided note or used credits are given back.
-- Grain: one row per invoice_id, event_number and invoice_line_id.
{{ config(materialized='table') }}
with

by_line as (

    select * from {{ ref('int_reductions_by_line') }}

),

lines as (

    select * from {{ ref('int_invoice_lines_priced') }}

),

used as (

    -- Of a line that is metered by day, the parts used before the event.
    select
        by_line.event_number,
        by_line.invoice_line_id,
        cast(coalesce(max(
            case when usage_days.service_date < by_line.event_date then usage_days.parts_after end
        ), 0) as bigint) as used_parts,
        max(usage_days.whole_parts) as whole_parts
    from by_line
    inner join {{ ref('int_line_usage_daily') }} as usage_days
        on by_line.invoice_line_id = usage_days.invoice_line_id
    group by
        by_line.event_number,
        by_line.invoice_line_id

),

placed as (

    select
        by_line.*,
        lines.usd_per_unit,
        coalesce(used.used_parts, {{ served_seconds('lines', 'by_line.event_date') }}) as served_parts,
        coalesce(used.whole_parts, lines.service_seconds) as whole_parts
    from by_line
    inner join lines
        on by_line.invoice_line_id = lines.invoice_line_id
    left join used
        on
            by_line.event_number = used.event_number
            and by_line.invoice_line_id = used.invoice_line_id

),

final as (

    select
        invoice_id,
        event_number,
        invoice_line_id,
        event_date,
        event_kind,
        {{ money(shared_part('left_before_amount', 'served_parts', 'whole_parts', 0) ~ ' - '
            ~ shared_part('left_after_amount', 'served_parts', 'whole_parts', 0)) }} as contra_amount,
        {{ money(shared_part(converted('left_before_amount', 'usd_per_unit'), 'served_parts', 'whole_parts', 0) ~ ' - '
            ~ shared_part(converted('left_after_amount', 'usd_per_unit'), 'served_parts', 'whole_parts', 0)) }} as contra_usd
    from placed

)

select * from final
