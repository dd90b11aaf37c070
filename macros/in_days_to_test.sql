{#- Condition of a data test over single calls: only what was written since the last build that passed is looked at, by day
    or by whole weeks or months; all of history where tests_history() says so. -#}
{%- macro in_days_to_test(usage_date, period_grain='day') -%}
    {%- set days = ref('int_days_to_test') -%}
    {%- if tests_history() -%}
    true
    {%- else -%}
    {{ usage_date }} in (
        select days_to_test.usage_date from {{ days }} as days_to_test where days_to_test.period_grain = '{{ period_grain }}'
    )
    {%- endif -%}
{%- endmacro -%}
