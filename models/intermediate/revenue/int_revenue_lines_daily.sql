-- Revenue of invoice lines by day of service, after what credit notes and refunds cancelled. Days after as_of_date are
-- in here: they are deferred, not revenue yet.
-- Grain: one row per invoice_line_id and revenue_date; days wholly cancelled have no row, days of a line of 0 have one.
{{ config(materialized='table') }}
with

lines as (

    select * from {{ ref('int_invoice_lines_priced') }}

),

days as (

    select * from {{ ref('int_invoice_days_spread') }}

),

cancelled as (

    select
        invoice_line_id,
        service_date,
        {{ cost_sum('cancelled_amount') }} as cancelled_amount
    from {{ ref('int_invoice_days_cancelled') }}
    group by
        invoice_line_id,
        service_date

),

remaining as (

    select
        days.invoice_line_id,
        days.service_date,
        {{ money('days.day_amount - coalesce(cancelled.cancelled_amount, 0)') }} as revenue_amount
    from days
    left join cancelled
        on
            days.invoice_line_id = cancelled.invoice_line_id
            and days.service_date = cancelled.service_date
    where cancelled.cancelled_amount is null or cancelled.cancelled_amount < days.day_amount

)

select
    remaining.invoice_line_id,
    remaining.service_date as revenue_date,
    lines.invoice_id,
    lines.customer_id,
    lines.product_id,
    lines.invoice_status,
    lines.invoiced_date,
    lines.currency,
    lines.plan,
    lines.is_recurring,
    lines.net_amount,
    remaining.revenue_amount,
    {{ converted('remaining.revenue_amount', 'lines.usd_per_unit') }} as revenue_usd
from remaining
inner join lines
    on remaining.invoice_line_id = lines.invoice_line_id
