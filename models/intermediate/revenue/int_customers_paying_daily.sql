-- The days on which a customer was paying: what is served that day of lines of paid invoices, of open ones made at most
-- 30 days before as_of_date, and of charges, reductions in force taken off, is more than a millionth of a dollar and
-- more than a hundredth of the day's price: the cents an honest credit leaves are nobody's subscription.
-- Grain: one row per customer_id and paying_date, up to as_of_date. Contra revenue booked on a day is not looked at.
{{ config(materialized='table') }}
with

as_of as (

    select
        as_of_date,
        cast(
            {{ dbt.dateadd('day', -var('open_invoice_days'), 'as_of_date') }}
        as date) as oldest_open_date
    from {{ ref('int_as_of_date') }}

),

served as (

    select
        lines.customer_id,
        lines.revenue_date,
        {{ cost_sum('lines.revenue_usd') }} as revenue_usd,
        {{ cost_sum('lines.unreduced_usd', 'lines.unreduced_usd > 0') }} as price_usd
    from {{ ref('int_revenue_lines_daily') }} as lines
    inner join as_of
        on lines.revenue_date <= as_of.as_of_date
    where
        lines.invoice_status = 'paid'
        or (
            lines.invoice_status = 'open'
            and lines.created_date >= as_of.oldest_open_date
        )
    group by
        lines.customer_id,
        lines.revenue_date

)

select
    customer_id,
    revenue_date as paying_date
from served
where
    revenue_usd > 0.000001
    and revenue_usd > {{ money('price_usd * 0.01') }}
