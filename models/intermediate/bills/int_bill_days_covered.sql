-- The days that bills cover: those inside any cost line of a provider, component and model tag (`all` = untagged).
-- Grain: one row per resolved_provider, component, bill_tag and utc_date.
-- Whole months at a time: `is_covered` is false on the days of a billed month that no line covers.
{{ config(materialized='table') }}
with

lines as (

    select * from {{ ref('int_bill_lines_monthly') }}
    where is_cost

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

line_days as (

    select
        lines.resolved_provider,
        lines.component,
        coalesce(lines.model_tag, 'all') as bill_tag,
        lines.period_start_date,
        cast({{ dbt.dateadd('day', 'day_numbers.day_number', 'lines.period_start_date') }} as date) as utc_date,
        lines.from_date,
        lines.to_date
    from lines
    cross join day_numbers

),

final as (

    select
        resolved_provider,
        component,
        bill_tag,
        period_start_date,
        utc_date,
        max(case when utc_date >= from_date and utc_date < to_date then 1 else 0 end) = 1 as is_covered
    from line_days
    where cast({{ dbt.date_trunc('month', 'utc_date') }} as date) = period_start_date
    group by
        resolved_provider,
        component,
        bill_tag,
        period_start_date,
        utc_date

)

select * from final
