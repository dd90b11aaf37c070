-- The days of each cost line, as far as they are recognised.
-- Grain: one row per line_id and utc_date.
-- A small table: what bills are shared over is found by day, never by month.
{{ config(materialized='table') }}
with

lines as (

    select * from {{ ref('int_bill_lines_monthly') }}
    where
        is_cost
        and recognised_day_count > 0

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

final as (

    select
        lines.line_id,
        lines.period_start_date,
        cast({{ dbt.dateadd('day', 'day_numbers.day_number', 'lines.from_date') }} as date) as utc_date,
        lines.recognised_day_count as day_count,
        lines.provider,
        lines.resolved_provider,
        lines.component,
        lines.model_tag,
        lines.resolved_model_tag,
        lines.model,
        lines.resolved_model,
        lines.customer_id,
        lines.feature,
        lines.service_tier,
        lines.recognised_usd
    from lines
    inner join day_numbers
        on lines.recognised_day_count > day_numbers.day_number

)

select * from final
