-- Days, from the first month with usage to as_of_date or the last usage day.
-- Grain: one row per date_day.
with

bounds as (

    select
        cast({{ dbt.date_trunc('month', 'min(usage_date)') }} as date) as first_day,
        greatest(max(usage_date), max(as_of.as_of_date)) as last_day
    from {{ ref('fct_usage_daily') }}
    cross join {{ ref('int_as_of_date') }} as as_of

),

digits as (

    select * from (values (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)) as names (digit)

),

numbers as (

    select
        ones.digit + 10 * tens.digit + 100 * hundreds.digit + 1000 * thousands.digit + 10000 * ten_thousands.digit
            as day_number
    from digits as ones
    cross join digits as tens
    cross join digits as hundreds
    cross join digits as thousands
    cross join digits as ten_thousands

),

days as (

    select cast({{ dbt.dateadd('day', 'numbers.day_number', 'bounds.first_day') }} as date) as date_day
    from bounds
    inner join numbers
        on numbers.day_number <= {{ dbt.datediff('bounds.first_day', 'bounds.last_day', 'day') }}

)

select
    date_day,
    cast({{ dbt.date_trunc('week', 'date_day') }} as date) as week_start_date,
    cast({{ dbt.date_trunc('month', 'date_day') }} as date) as month_start_date
from days
