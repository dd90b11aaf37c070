-- What is left to serve of each reduced line over its schedule, by span of days between the reductions of its invoice.
-- Grain: one row per invoice_line_id and segment_from_date; lines of invoices that nothing reduces have no row.
{{ config(materialized='table') }}
with

lines as (

    select * from {{ ref('int_invoice_lines_priced') }}

),

by_line as (

    select * from {{ ref('int_reductions_by_line') }}

),

changes as (

    -- Of several events of one day the last one holds: the day belongs to the days to come.
    select
        invoice_line_id,
        event_date,
        left_after_amount,
        row_number() over (
            partition by invoice_line_id, event_date
            order by event_number desc nulls last
        ) as event_rank
    from by_line

),

steps as (

    select distinct
        invoice_line_id,
        cast('0001-01-01' as date) as segment_from_date,
        net_amount as segment_amount
    from by_line

    union all

    select
        invoice_line_id,
        event_date as segment_from_date,
        left_after_amount as segment_amount
    from changes
    where event_rank = 1

),

spans as (

    select
        *,
        coalesce(
            lead(segment_from_date) over (
                partition by invoice_line_id
                order by segment_from_date asc nulls last
            ),
            cast('9999-12-31' as date)
        ) as segment_to_date
    from steps

),

final as (

    select
        spans.invoice_line_id,
        spans.segment_from_date,
        spans.segment_to_date,
        spans.segment_amount,
        {{ converted('spans.segment_amount', 'lines.usd_per_unit') }} as segment_usd
    from spans
    inner join lines
        on spans.invoice_line_id = lines.invoice_line_id

)

select * from final
