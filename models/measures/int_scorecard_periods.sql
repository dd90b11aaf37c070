-- The last week and month that were over at as_of_date, and those before them; of what needs revenue the last ones whose
-- months are known (int_revenue_known_monthly). Null where there is none.
-- Grain: one row per age: 0 the last, 1 the one before.
with

as_of as (

    select * from {{ ref('int_as_of_date') }}

),

last_periods as (

    -- The last week and month over at as_of_date, and those before them. A period's age: 0 the last, 1 the one before.
    select
        ages.age,
        {% for grain, step, count in [('week', 'day', 7), ('month', 'month', 1)] -%}
        {%- set running = dbt.date_trunc(grain, dbt.dateadd('day', 1, 'as_of.as_of_date')) -%}
        cast({{ dbt.dateadd(step, '-%d - %d * ages.age' % (count, count), running) }} as date) as {{ grain }}_date,
        {% endfor -%}
        cast({{ dbt.dateadd('day', 1 - var('traffic_days'), 'as_of.as_of_date') }} as date) as traffic_from_date
    from as_of
    cross join (values (0), (1)) as ages (age)

),

days as (

    select
        dates.week_start_date,
        dates.month_start_date,
        case when known.is_known is false then 0 else 1 end as known_flag
    from {{ ref('dim_dates') }} as dates
    left join {{ ref('int_revenue_known_monthly') }} as known
        on dates.month_start_date = known.period_start_date

),

{% for grain in ['week', 'month'] -%}
known_{{ grain }} as (

    select max(known.period_start_date) as last_date
    from (
        select {{ grain }}_start_date as period_start_date
        from days
        group by {{ grain }}_start_date
        having min(known_flag) = 1
    ) as known
    inner join last_periods
        on
            last_periods.age = 0
            and known.period_start_date <= last_periods.{{ grain }}_date

),

{% endfor -%}
final as (

    select
        cast(last_periods.age as bigint) as age,
        last_periods.week_date,
        last_periods.month_date,
        cast({{ dbt.dateadd('day', '-7 * last_periods.age', 'known_week.last_date') }} as date) as revenue_week_date,
        cast({{ dbt.dateadd('month', '-1 * last_periods.age', 'known_month.last_date') }} as date)
            as revenue_month_date,
        last_periods.traffic_from_date
    from last_periods
    cross join known_week
    cross join known_month

)

select * from final
