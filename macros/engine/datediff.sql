{#- dbt's `datediff` on Spark, in its place, for the parts that models ask for: how many borders of days, months, seconds or
    milliseconds are passed, as on DuckDB. Theirs repeats both dates up to twelve times. -#}
{%- macro spark__datediff(first_date, second_date, datepart) -%}
    {%- if datepart == 'day' -%}
        datediff(date({{ second_date }}), date({{ first_date }}))
    {%- elif datepart == 'month' -%}
        (
            (year({{ second_date }}) - year({{ first_date }})) * 12
            + month({{ second_date }}) - month({{ first_date }})
        )
    {%- elif datepart in ['second', 'millisecond'] -%}
        {%- set since_1970 = {'second': 'unix_seconds', 'millisecond': 'unix_millis'}[datepart] -%}
        ({{ since_1970 }}(timestamp({{ second_date }})) - {{ since_1970 }}(timestamp({{ first_date }})))
    {%- else -%}
        {{ exceptions.raise_compiler_error("datediff on Spark knows day, month, second and millisecond, not " ~ datepart) }}
    {%- endif -%}
{%- endmacro -%}
