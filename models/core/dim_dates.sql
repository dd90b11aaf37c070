-- Days, from the first month with usage, revenue, spend or other cost of sales to as_of_date or the last of their days.
-- Grain: one row per date_day.
with

facts as (

    select usage_date as fact_date from {{ ref('fct_usage_daily') }}

    union all

    select revenue_date as fact_date from {{ ref('fct_revenue_daily') }}

    union all

    select spend_date as fact_date from {{ ref('fct_acquisition_spend_daily') }}

    union all

    select usage_date as fact_date from {{ ref('fct_other_cogs_daily') }}

),

bounds as (

    select
        cast({{ dbt.date_trunc('month', 'min(facts.fact_date)') }} as date) as first_day,
        greatest(max(facts.fact_date), max(as_of.as_of_date)) as last_day
    from facts
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

),

final as (

    select
        date_day,
        cast({{ dbt.date_trunc('week', 'date_day') }} as date) as week_start_date,
        cast({{ dbt.date_trunc('month', 'date_day') }} as date) as month_start_date
    from days

)

select * from final
