-- Revenue of each line by day of service, reductions in force taken off. Days after as_of_date are in here: they are
-- deferred, not revenue yet. What a reduction takes off days gone by stands apart (int_contra_revenue).
-- Grain: one row per invoice_line_id and revenue_date.
-- A view: a million lines are thirty million days, and each reader adds them up in its own way.
with

lines as (

    select
        *,
        {{ whole_picos('net_usd') }} as net_picos
    from {{ ref('int_invoice_lines_priced') }}

),

segments as (

    select
        *,
        {{ whole_picos('segment_usd') }} as segment_picos
    from {{ ref('int_line_segments') }}

),

usage_days as (

    select * from {{ ref('int_line_usage_daily') }}

),

metered as (

    select distinct invoice_line_id
    from usage_days

),

-- How far each line is served before and after each of its days.
days as (

    select
        lines.*,
        cast({{ dbt.dateadd('day', 'line_days.day_number', 'lines.service_start_date') }} as date) as revenue_date,
        greatest(line_days.day_number * 86400 - lines.start_second, 0) as from_part,
        least((line_days.day_number + 1) * 86400 - lines.start_second, lines.service_seconds) as to_part,
        lines.service_seconds as whole
    from lines
    inner join {{ ref('int_line_days') }} as line_days
        on lines.service_day_count = line_days.service_day_count
    left join metered
        on lines.invoice_line_id = metered.invoice_line_id
    where metered.invoice_line_id is null

    union all

    select
        lines.*,
        usage_days.service_date as revenue_date,
        usage_days.parts_before as from_part,
        usage_days.parts_after as to_part,
        cast(1000000000000 as bigint) as whole
    from lines
    inner join usage_days
        on lines.invoice_line_id = usage_days.invoice_line_id

),

reduced as (

    select
        days.*,
        coalesce(segments.segment_usd, days.net_usd) as served_usd,
        case when segments.invoice_line_id is null then days.net_picos else segments.segment_picos end as served_picos
    from days
    left join segments
        on
            days.invoice_line_id = segments.invoice_line_id
            and days.revenue_date >= segments.segment_from_date
            and days.revenue_date < segments.segment_to_date

)

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
    net_amount,
    net_usd,
    is_recurring,
    is_proration,
    {{ served_between('net_usd', 'net_picos', 'from_part', 'to_part', 'whole') }} as unreduced_usd,
    {{ served_between('served_usd', 'served_picos', 'from_part', 'to_part', 'whole') }} as revenue_usd
from reduced
