-- The days that bills cover: those inside any cost line of a provider, component and model tag (`all` = untagged).
-- Grain: one row per resolved_provider, component, model_tag and utc_date.
-- Whole months at a time: `is_covered` is false on the days of a billed month that no line covers.
{{ config(materialized='table') }}
with

line_days as (

    select * from {{ ref('int_bill_line_days') }}

),

digits as (

    select digit from (values (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)) as names (digit)

),

day_numbers as (

    select ones.digit + 10 * tens.digit as day_number
    from digits as ones
    cross join digits as tens
    where ones.digit + 10 * tens.digit <= 30

),

keys as (

    select distinct
        resolved_provider,
        component,
        model_tag,
        period_start_date
    from line_days

),

days as (

    select distinct
        keys.resolved_provider,
        keys.component,
        keys.model_tag,
        keys.period_start_date,
        cast({{ dbt.dateadd('day', 'day_numbers.day_number', 'keys.period_start_date') }} as date) as utc_date
    from keys
    cross join day_numbers

),

covered as (

    select distinct
        resolved_provider,
        component,
        model_tag,
        utc_date
    from line_days

),

final as (

    select
        days.resolved_provider,
        days.component,
        days.model_tag,
        days.period_start_date,
        days.utc_date,
        covered.utc_date is not null as is_covered
    from days
    left join covered
        on days.resolved_provider = covered.resolved_provider
        and days.component = covered.component
        and days.model_tag = covered.model_tag
        and days.utc_date = covered.utc_date
    where cast({{ dbt.date_trunc('month', 'days.utc_date') }} as date) = days.period_start_date

)

select * from final
