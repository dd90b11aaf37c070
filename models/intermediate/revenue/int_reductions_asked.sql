-- What share of each line an event of its invoice asks for: of the lines it names, pro rata to their net amounts.
-- Grain: one row per invoice_id, event_number and invoice_line_id.
{{ config(materialized='table') }}
with

events as (

    select * from {{ ref('int_reductions_ordered') }}

),

lines as (

    select * from {{ ref('int_invoice_lines_priced') }}

),

paired as (

    select
        events.invoice_id,
        events.event_number,
        events.event_date,
        events.event_kind,
        events.requested_amount,
        events.takes_all,
        lines.invoice_line_id,
        lines.product_id,
        lines.net_amount,
        case
            when events.event_kind = 'credits_used' or events.invoice_line_id is not null then 'line'
            when events.product_id is not null then 'product'
            else 'all'
        end as names,
        case
            when events.event_kind = 'credits_used' then lines.is_prepaid
            when events.invoice_line_id is not null then events.invoice_line_id = lines.invoice_line_id
            else events.product_id is null or events.product_id = lines.product_id
        end as is_named
    from events
    inner join lines
        on events.invoice_id = lines.invoice_id

),

grouped as (

    select
        *,
        {{ money('sum(net_amount) over (partition by invoice_id, event_number)') }} as invoice_amount,
        {{ money(
            'coalesce(sum(case when is_named then net_amount end) over (partition by invoice_id, event_number), 0)'
        ) }} as named_amount
    from paired

),

judged as (

    select
        *,
        named_amount > 0 or (event_kind <> 'credits_used' and names = 'line' and named_amount < 0) as is_reducible
    from grouped

),

asked as (

    -- Lines that are not there, or are worth nothing, cannot be reduced: then all lines are meant. A note that names a
    -- negative line gives part of it back, with a negative amount.
    select
        *,
        case
            when invoice_amount <= 0 or (is_reducible and not is_named) then {{ money('0') }}
            when is_reducible then {{ ratio('requested_amount', 'named_amount') }}
            else {{ ratio('requested_amount', 'invoice_amount') }}
        end as asked_ratio,
        case when is_reducible then names else 'all' end as named_by
    from judged

),

final as (

    select
        invoice_id,
        event_number,
        event_date,
        event_kind,
        invoice_line_id,
        product_id,
        net_amount,
        invoice_amount,
        requested_amount,
        asked_ratio,
        named_by,
        takes_all
    from asked

)

select * from final
