-- The days that data tests of single calls look at (macro in_days_to_test): what was written since the last build that
-- passed, and the whole weeks and months these days lie in, for tests of weeks and months.
-- Grain: one row per period_grain (day, week, month) and usage_date.
{{ config(materialized='table') }}
with

green as (

    select coalesce(max(build_number), -1) as build_number
    from {{ ref('stg_publishing__builds') }}
    where status = 'green'

),

written as (

    select distinct days.usage_date
    from {{ ref('int_days_written') }} as days
    inner join green
        on days.build_number > green.build_number

),

known as (

    select usage_date
    from written

    union

    select usage_date
    from {{ ref('fct_usage_daily') }}

),

final as (

    {% for period_grain in ['day', 'week', 'month'] -%}
    select
        '{{ period_grain }}' as period_grain,
        usage_date
    from known
    where
        {{ dbt.date_trunc(period_grain, 'usage_date') }} in (
            select {{ dbt.date_trunc(period_grain, 'written.usage_date') }} from written
        )
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select * from final
