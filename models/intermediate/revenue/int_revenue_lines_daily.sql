-- Revenue of each line by day of service, reductions in force taken off. Days after as_of_date are in here: they are
-- deferred, not revenue yet. What a reduction takes off days gone by stands apart (int_contra_revenue).
-- Grain: one row per invoice_line_id and revenue_date.
-- A view: a million lines are thirty million days, and each reader adds them up in its own way.
with

lines as (

    select * from {{ ref('int_invoice_lines_priced') }}

),

segments as (

    select * from {{ ref('int_line_segments') }}

),

usage_days as (

    select * from {{ ref('int_line_usage_daily') }}

),

reduced as (

    select distinct invoice_line_id
    from segments

),

metered as (

    select distinct invoice_line_id
    from usage_days

),

-- Lines that nothing reduces are one span; told apart before there are days of them.
spans as (

    select
        lines.*,
        lines.net_usd as served_usd,
        cast('0001-01-01' as date) as span_from_date,
        cast('9999-12-31' as date) as span_to_date
    from lines
    left join reduced
        on lines.invoice_line_id = reduced.invoice_line_id
    where reduced.invoice_line_id is null

    union all

    select
        lines.*,
        segments.segment_usd as served_usd,
        segments.segment_from_date as span_from_date,
        segments.segment_to_date as span_to_date
    from lines
    inner join segments
        on lines.invoice_line_id = segments.invoice_line_id

),

scaled as (

    select
        spans.*,
        metered.invoice_line_id is not null as is_metered_by_day,
        {{ whole_picos('spans.net_usd') }} as net_picos,
        {{ whole_picos('spans.served_usd') }} as served_picos
    from spans
    left join metered
        on spans.invoice_line_id = metered.invoice_line_id

),

-- How far each line is served before and after each of its days.
days as (

    select
        scaled.*,
        cast({{ dbt.dateadd('day', 'line_days.day_number', 'scaled.service_start_date') }} as date) as revenue_date,
        greatest(line_days.day_number * 86400 - scaled.start_second, 0) as from_part,
        least((line_days.day_number + 1) * 86400 - scaled.start_second, scaled.service_seconds) as to_part,
        scaled.service_seconds as whole
    from scaled
    inner join {{ ref('int_line_days') }} as line_days
        on scaled.service_day_count = line_days.service_day_count
    where not scaled.is_metered_by_day

    union all

    select
        scaled.*,
        usage_days.service_date as revenue_date,
        usage_days.parts_before as from_part,
        usage_days.parts_after as to_part,
        usage_days.whole_parts as whole
    from scaled
    inner join usage_days
        on scaled.invoice_line_id = usage_days.invoice_line_id
    where scaled.is_metered_by_day

),

final as (

    select
        invoice_line_id,
        revenue_date,
        invoice_id,
        line_kind,
        customer_id,
        product_id,
        price_id,
        plan,
        usage_type,
        invoice_status,
        created_date,
        currency,
        usd_per_unit,
        net_amount,
        net_usd,
        is_recurring,
        is_proration,
        {{ served_between('net_usd', 'net_picos', 'from_part', 'to_part', 'whole') }} as unreduced_usd,
        {{ served_between('served_usd', 'served_picos', 'from_part', 'to_part', 'whole') }} as revenue_usd
    from days
    where revenue_date >= span_from_date and revenue_date < span_to_date

)

select * from final
