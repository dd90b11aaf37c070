-- Metered lines whose use is known by day: how many parts of the line are served before and after each day, of how many.
-- Grain: one row per invoice_line_id and service_date with use. Lines without use in their period are served evenly.
-- A part is a unit of use, or a millionth where use has fractions, so that a day's revenue is exact; where these would be
-- too many to be multiplied with money, it is one of 1e12 parts of the line.
{{ config(materialized='table') }}
with

lines as (

    select * from {{ ref('int_invoice_lines_priced') }}
    where usage_type = 'metered' and has_period and line_kind = 'line'

),

summaries as (

    select * from {{ ref('stg_stripe__meter_event_summaries') }}

),

used as (

    -- A summary belongs to the line in whose period it starts.
    select
        lines.invoice_line_id,
        cast(summaries.used_at as date) as service_date,
        cast(sum(summaries.quantity) as decimal(28, 6)) as used_quantity
    from lines
    inner join summaries
        on
            lines.stripe_customer_id = summaries.stripe_customer_id
            and lines.service_start_at <= summaries.used_at
            and lines.service_end_at > summaries.used_at
            and coalesce(summaries.meter_id, lines.meter_id, '') = coalesce(lines.meter_id, '')
    group by
        lines.invoice_line_id,
        cast(summaries.used_at as date)

),

running as (

    select
        invoice_line_id,
        service_date,
        used_quantity,
        cast(sum(used_quantity) over (
            partition by invoice_line_id
            order by service_date asc nulls last
            rows between unbounded preceding and current row
        ) as decimal(28, 6)) as running_quantity,
        cast(sum(used_quantity) over (partition by invoice_line_id) as decimal(28, 6)) as line_quantity,
        max(case when used_quantity = floor(used_quantity) then 0 else 1 end) over (partition by invoice_line_id) = 1
            as has_fractions
    from used

),

scaled as (

    select
        *,
        case
            when not has_fractions and line_quantity < 1000000000000000 then 1
            when line_quantity < 1000000000 then 1000000
        end as parts_a_unit
    from running
    where line_quantity > 0

),

final as (

    select
        invoice_line_id,
        service_date
        {%- for name, quantity in {
            'parts_before': 'running_quantity - used_quantity',
            'parts_after': 'running_quantity',
            'whole_parts': 'line_quantity',
        }.items() %},
        coalesce(
            cast(({{ quantity }}) * parts_a_unit as bigint),
            cast({{ ratio(quantity, 'line_quantity') }} * 1000000000000 as bigint)
        ) as {{ name }}
        {%- endfor %}
    from scaled

)

select * from final
