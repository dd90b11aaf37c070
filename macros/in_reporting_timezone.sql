{#- A UTC timestamp as wall time of the var reporting_timezone: the one place where a call's day is cut. -#}
{%- macro in_reporting_timezone(utc_timestamp) -%}
    {{ utc_timestamp if var('reporting_timezone') == 'UTC' else in_timezone(utc_timestamp, var('reporting_timezone')) }}
{%- endmacro -%}
