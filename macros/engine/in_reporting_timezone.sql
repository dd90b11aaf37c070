{#- A UTC timestamp as wall time of the var reporting_timezone: the one place where a call's day is cut. -#}
{%- macro in_reporting_timezone(utc_timestamp) -%}
    {%- if var('reporting_timezone') == 'UTC' -%}
        {{ utc_timestamp }}
    {%- else -%}
        {{ return(adapter.dispatch('in_reporting_timezone')(utc_timestamp)) }}
    {%- endif -%}
{%- endmacro -%}

{%- macro duckdb__in_reporting_timezone(utc_timestamp) -%}
    ({{ utc_timestamp }} at time zone 'UTC' at time zone '{{ var("reporting_timezone") }}')
{%- endmacro -%}

{%- macro spark__in_reporting_timezone(utc_timestamp) -%}
    from_utc_timestamp({{ utc_timestamp }}, '{{ var("reporting_timezone") }}')
{%- endmacro -%}
