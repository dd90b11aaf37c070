-- The days on which a customer was paying: what is served that day of lines of paid invoices, of open ones made at most
-- var open_invoice_days before as_of_date, and of charges, reductions in force taken off, is in some currency more than
-- a millionth and more than a hundredth of the day's price: the cents an honest credit leaves are nobody's subscription.
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
        lines.currency,
        lines.usd_per_unit,
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
        lines.revenue_date,
        lines.currency,
        lines.usd_per_unit

),

in_own_currency as (

    -- A price and its credit may be invoiced at two rates: the difference of the rates is nobody's subscription.
    select
        customer_id,
        revenue_date,
        currency,
        {{ cost_sum(ratio('revenue_usd', 'usd_per_unit')) }} as revenue_amount,
        {{ cost_sum(ratio('price_usd', 'usd_per_unit')) }} as price_amount
    from served
    group by
        customer_id,
        revenue_date,
        currency

),

final as (

    select distinct
        customer_id,
        revenue_date as paying_date
    from in_own_currency
    where
        revenue_amount > 0.000001
        and revenue_amount > {{ money('price_amount * 0.01') }}

)

select * from final
