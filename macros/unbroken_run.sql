{#- A number that is the same for periods (day, week, month) of a key that follow each other without a gap: the least
    period of key and number is the first of the run. Periods of a key must be distinct. -#}
{%- macro unbroken_run(period, grain, key) -%}
    {%- set step = {'day': 1, 'week': 7, 'month': 1}[grain] -%}
    {{ dbt.datediff("cast('2000-01-03' as date)", period, 'month' if grain == 'month' else 'day') }}
    - {{ step }} * row_number() over (partition by {{ key | join(', ') }} order by {{ period }} asc nulls last)
{%- endmacro -%}
