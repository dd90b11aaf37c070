{#- Condition of a data test over a mart of weeks or months that was made of single calls: the periods that in_days_to_test
    finds days of. -#}
{%- macro in_periods_to_test(period_date, period_grain) -%}
    {%- set days = ref('int_days_to_test') -%}
    {%- if tests_history() -%}
    true
    {%- else -%}
    {{ dbt.date_trunc(period_grain, period_date) }} in (
        select {{ dbt.date_trunc(period_grain, 'days_to_test.usage_date') }}
        from {{ days }} as days_to_test
        where days_to_test.period_grain = '{{ period_grain }}'
    )
    {%- endif -%}
{%- endmacro -%}
