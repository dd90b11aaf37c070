-- The days on which a customer was paying: revenue above 0 from lines of paid invoices, of open ones made at most 30
-- days before as_of_date, and from charges. Cancelled days are out; what a refund or note takes on its own day is not.
-- Grain: one row per customer_id and paying_date, up to as_of_date.
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

entries as (

    select
        lines.customer_id,
        lines.revenue_date,
        lines.revenue_usd
    from {{ ref('int_revenue_lines_daily') }} as lines
    cross join as_of
    where
        lines.invoice_status = 'paid'
        or (
            lines.invoice_status = 'open'
            and lines.invoiced_date >= as_of.oldest_open_date
        )

    union all

    select
        customer_id,
        revenue_date,
        revenue_usd
    from {{ ref('int_charges_recognised') }}
    where entry_kind = 'charge'

)

select
    entries.customer_id,
    entries.revenue_date as paying_date
from entries
inner join as_of
    on entries.revenue_date <= as_of.as_of_date
group by
    entries.customer_id,
    entries.revenue_date
having sum(entries.revenue_usd) > 0
