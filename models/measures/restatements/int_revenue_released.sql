-- What this build says its customers' revenue is, in months that are over: publishing keeps it (published_revenue).
-- Grain: one row per customer_id and period_start_date with revenue or AI cost.
-- A month with cost and no revenue stands here at 0: revenue that comes later was not known to the release.
{{ config(materialized='table') }}
with

revenue_daily as (

    select * from {{ ref('fct_revenue_daily') }}

),

costs as (

    select * from {{ ref('int_costs_released') }}

),

as_of as (

    select * from {{ ref('int_as_of_date') }}

),

entries as (

    select
        customer_id,
        cast({{ dbt.date_trunc('month', 'revenue_date') }} as date) as period_start_date,
        revenue_usd
    from revenue_daily

    union all

    select
        customer_id,
        period_start_date,
        {{ money('0') }} as revenue_usd
    from costs

),

final as (

    select
        entries.customer_id,
        entries.period_start_date,
        as_of.as_of_date as reported_to_date,
        {{ cost_sum('entries.revenue_usd') }} as revenue_usd
    from entries
    cross join as_of
    where {{ is_complete('entries.period_start_date', 'month') }}
    group by
        entries.customer_id,
        entries.period_start_date,
        as_of.as_of_date

)

select * from final
