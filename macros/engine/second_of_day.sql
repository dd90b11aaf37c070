{#- Whole seconds since midnight of a timestamp, 0 to 86 399. -#}
{%- macro second_of_day(timestamp) -%}
    {{ return(adapter.dispatch('second_of_day')(timestamp)) }}
{%- endmacro -%}

{%- macro duckdb__second_of_day(timestamp) -%}
    (extract(hour from {{ timestamp }}) * 3600 + extract(minute from {{ timestamp }}) * 60
    + extract(second from {{ timestamp }}))
{%- endmacro -%}
