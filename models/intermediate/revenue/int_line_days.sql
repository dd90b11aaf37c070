-- The days of every schedule that lines have: with n days, the numbers 0 to n - 1.
-- Grain: one row per service_day_count and day_number. Up to 100 000 days, 273 years, on one line.
{{ config(materialized='table') }}
with

digits as (

    select * from (values (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)) as names (digit)

),

numbers as (

    select
        cast(
            ones.digit + 10 * tens.digit + 100 * hundreds.digit + 1000 * thousands.digit + 10000 * ten_thousands.digit
        as bigint) as day_number
    from digits as ones
    cross join digits as tens
    cross join digits as hundreds
    cross join digits as thousands
    cross join digits as ten_thousands

),

counts as (

    select distinct service_day_count
    from {{ ref('int_invoice_lines_priced') }}

),

final as (

    select
        counts.service_day_count,
        numbers.day_number
    from counts
    inner join numbers
        on counts.service_day_count > numbers.day_number

)

select * from final
