-- Months from the first invoice or service to as_of_date, and the day up to which each is counted.
-- Grain: one row per period_start_date. At most 1 000 months, the last ones.
-- A table: several marts read it.
{{ config(materialized='table') }}

with

digits as (

    select * from (values (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)) as names (digit)

),

numbers as (

    select cast(ones.digit + 10 * tens.digit + 100 * hundreds.digit as bigint) as month_number
    from digits as ones
    cross join digits as tens
    cross join digits as hundreds

),

dates as (

    select least(service_start_date, coalesce(invoiced_date, service_start_date)) as first_date
    from {{ ref('int_invoice_lines_priced') }}

    union all

    select reduced_date as first_date
    from {{ ref('int_reductions_unmatched') }}

),

bounds as (

    select
        as_of.as_of_date,
        min(dates.first_date) as first_date
    from dates
    cross join {{ ref('int_as_of_date') }} as as_of
    group by as_of.as_of_date

),

months as (

    select
        as_of_date,
        first_date,
        cast({{ dbt.dateadd('month', '-numbers.month_number', dbt.date_trunc('month', 'as_of_date')) }} as date)
            as period_start_date
    from bounds
    cross join numbers

),

final as (

    select
        period_start_date,
        -- Everything before this day is in the month's balance.
        least(
            cast({{ dbt.dateadd('month', 1, 'period_start_date') }} as date),
            cast({{ dbt.dateadd('day', 1, 'as_of_date') }} as date)
        ) as counted_to_date
    from months
    where cast({{ dbt.dateadd('month', 1, 'period_start_date') }} as date) > first_date

)

select * from final
