{#- A text as a UTC timestamp without zone: ISO 8601 (an offset is converted, none is UTC) or seconds or milliseconds
    since 1970; null for anything else. For staging only: declared columns are read by the landing. -#}
{%- macro utc_timestamp(expression) -%}
    {{ return(adapter.dispatch('utc_timestamp')(expression)) }}
{%- endmacro -%}

{%- macro duckdb__utc_timestamp(expression) -%}
    coalesce(
        make_timestamp(try_cast(regexp_extract({{ expression }}, '^[0-9]{12,14}$') as bigint) * 1000),
        make_timestamp(try_cast(regexp_extract({{ expression }}, '^[0-9]{9,10}$') as bigint) * 1000000),
        try_cast({{ expression }} as timestamptz) at time zone 'UTC'
    )
{%- endmacro -%}

{%- macro spark__utc_timestamp(expression) -%}
    coalesce(
        timestamp_millis(try_cast(nullif(regexp_extract({{ expression }}, '^[0-9]{12,14}$', 0), '') as bigint)),
        timestamp_seconds(try_cast(nullif(regexp_extract({{ expression }}, '^[0-9]{9,10}$', 0), '') as bigint)),
        try_cast({{ expression }} as timestamp)
    )
{%- endmacro -%}
