-- Periods begin where they do for a reader: weeks on Monday, months on their first day, differences in whole days. Months end
-- where the shorter one ends, parts of a second stay, and a difference counts the borders that are passed.
with

cases as (

    select
        cast(day_text as date) as day_date,
        cast(week_text as date) as week_start_date,
        cast(month_text as date) as month_start_date,
        cast(last_text as date) as last_date,
        cast(later_text as date) as later_date,
        days_to_later
    from (
        values
        ('2026-01-01', '2025-12-29', '2026-01-01', '2026-01-31', '2026-04-01', 90),
        ('2026-03-01', '2026-02-23', '2026-03-01', '2026-03-31', '2026-05-30', 90),
        ('2024-02-29', '2024-02-26', '2024-02-01', '2024-02-29', '2024-05-29', 90),
        ('2026-11-02', '2026-11-02', '2026-11-01', '2026-11-30', '2027-01-31', 90)
    ) as listed_cases (day_text, week_text, month_text, last_text, later_text, days_to_later)

)

select *
from cases
where
    cast({{ dbt.date_trunc('week', 'day_date') }} as date) <> week_start_date
    or cast({{ dbt.date_trunc('month', 'day_date') }} as date) <> month_start_date
    or last_day(day_date) <> last_date
    or cast({{ dbt.dateadd('day', 'days_to_later', 'day_date') }} as date) <> later_date
    or {{ dbt.datediff('day_date', 'later_date', 'day') }}
    <> days_to_later
    or extract(year from day_date) * 10000 + extract(month from day_date) * 100 + extract(day from day_date)
    <> cast(replace(cast(day_date as string), '-', '') as bigint)
    or cast({{ dbt.dateadd('month', 1, "cast('2026-01-31' as date)") }} as date) <> cast('2026-02-28' as date)
    or {{ dbt.dateadd('second', -1, "cast('2026-03-01 00:00:00.25' as timestamp)") }}
    <> cast('2026-02-28 23:59:59.25' as timestamp)
    or {{ dbt.datediff("cast('2026-01-31' as date)", "cast('2026-03-01' as date)", 'month') }} <> 2
    or {{ dbt.datediff("cast('2026-03-01' as date)", "cast('2026-01-31' as date)", 'month') }} <> -2
    or {{ dbt.datediff("cast('2026-01-01 00:00:00.75' as timestamp)", "cast('2026-01-01 00:00:02.25' as timestamp)", 'second') }}
    <> 2
    or {{ dbt.datediff("cast('2026-01-01 00:00:00.75' as timestamp)", "cast('2026-01-01 00:00:02.25' as timestamp)", 'millisecond') }}
    <> 1500
