{#- Whether the period (day, week or month, named by its first day) is over at as_of.as_of_date. -#}
{%- macro is_complete(period_start_date, grain) -%}
    {%- set step, count = {'day': ('day', 1), 'week': ('day', 7), 'month': ('month', 1)}[grain] -%}
    coalesce(
        cast({{ dbt.dateadd(step, count, period_start_date) }} as date)
        <= cast({{ dbt.dateadd('day', 1, 'as_of.as_of_date') }} as date),
        false
    )
{%- endmacro -%}
