{#- Whole seconds since midnight of a timestamp, 0 to 86 399. -#}
{%- macro second_of_day(timestamp) -%}
    {{ return(adapter.dispatch('second_of_day')(timestamp)) }}
{%- endmacro -%}

{%- macro duckdb__second_of_day(timestamp) -%}
    (extract(hour from {{ timestamp }}) * 3600 + extract(minute from {{ timestamp }}) * 60
    + extract(second from {{ timestamp }}))
{%- endmacro -%}

{%- macro spark__second_of_day(timestamp) -%}
    cast(hour({{ timestamp }}) * 3600 + minute({{ timestamp }}) * 60 + second({{ timestamp }}) as bigint)
{%- endmacro -%}
