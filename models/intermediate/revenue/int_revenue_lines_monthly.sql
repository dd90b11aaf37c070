-- Where each invoiced or accrued line stands at the end of each month, in its own currency: what is left of it, what of
-- that is recognised, and what is owed. Charges that settle no invoice are never owed and left out.
-- Grain: one row per invoice_line_id and period_start_date, while anything of the line moves or is owed.
{{ config(materialized='table') }}
with

lines as (

    select
        *,
        cast({{ dbt.date_trunc('month', 'least(service_start_date, coalesce(invoiced_date, service_start_date))') }}
            as date) as first_month_date,
        -- An accrual is owed as long as it stands.
        case
            when invoiced_date is null then cast('9999-12-30' as date) else greatest(service_last_date, invoiced_date)
        end as last_date
    from {{ ref('int_invoice_lines_priced') }}
    where line_kind <> 'charge'

),

segments as (

    select * from {{ ref('int_line_segments') }}

),

reduced as (

    select
        invoice_line_id,
        max(segment_from_date) as last_event_date
    from segments
    group by invoice_line_id

),

usage_days as (

    select * from {{ ref('int_line_usage_daily') }}

),

line_months as (

    select
        lines.*,
        months.period_start_date,
        months.counted_to_date,
        lines.invoiced_date is not null and lines.invoiced_date < months.counted_to_date as is_invoiced
    from lines
    left join reduced
        on lines.invoice_line_id = reduced.invoice_line_id
    inner join {{ ref('int_revenue_months') }} as months
        on
            lines.first_month_date <= months.period_start_date
            and greatest(lines.last_date, coalesce(reduced.last_event_date, lines.last_date)) >= months.period_start_date

),

used as (

    select
        line_months.invoice_line_id,
        line_months.period_start_date,
        cast(coalesce(max(
            case when usage_days.service_date < line_months.counted_to_date then usage_days.parts_after end
        ), 0) as bigint) as used_parts,
        max(usage_days.whole_parts) as whole_parts
    from line_months
    inner join usage_days
        on line_months.invoice_line_id = usage_days.invoice_line_id
    group by
        line_months.invoice_line_id,
        line_months.period_start_date

),

balanced as (

    select
        line_months.invoice_line_id,
        line_months.period_start_date,
        line_months.currency,
        line_months.is_invoiced,
        coalesce(segments.segment_amount, line_months.net_amount) as left_amount,
        coalesce(used.used_parts, {{ served_seconds('line_months', 'line_months.counted_to_date') }}) as served_parts,
        coalesce(used.whole_parts, line_months.service_seconds) as whole_parts
    from line_months
    left join used
        on
            line_months.invoice_line_id = used.invoice_line_id
            and line_months.period_start_date = used.period_start_date
    -- The last day counted says which reductions are in force.
    left join segments
        on
            line_months.invoice_line_id = segments.invoice_line_id
            and line_months.counted_to_date > segments.segment_from_date
            and line_months.counted_to_date <= segments.segment_to_date

),

recognised as (

    select
        *,
        {{ shared_part('left_amount', 'served_parts', 'whole_parts', 0) }} as served_amount
    from balanced

),

final as (

    select
        invoice_line_id,
        period_start_date,
        currency,
        {{ money('served_amount - coalesce(lag(served_amount) over (
            partition by invoice_line_id
            order by period_start_date asc nulls last
        ), 0)') }} as recognised_amount,
        {{ money('case when is_invoiced then left_amount - served_amount else 0 end') }} as deferred_amount,
        {{ money('case when is_invoiced then 0 else served_amount end') }} as unbilled_amount
    from recognised

)

select * from final
