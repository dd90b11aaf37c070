{#- A UTC timestamp as wall time of a time zone (IANA name). -#}
{%- macro in_timezone(utc_timestamp, time_zone) -%}
    {{ return(adapter.dispatch('in_timezone')(utc_timestamp, time_zone)) }}
{%- endmacro -%}

{%- macro duckdb__in_timezone(utc_timestamp, time_zone) -%}
    ({{ utc_timestamp }} at time zone 'UTC' at time zone '{{ time_zone }}')
{%- endmacro -%}

{%- macro spark__in_timezone(utc_timestamp, time_zone) -%}
    from_utc_timestamp({{ utc_timestamp }}, '{{ time_zone }}')
{%- endmacro -%}
