{#- A text as a UTC timestamp without zone: ISO 8601 (an offset is converted, none is UTC) or seconds or milliseconds
    since 1970; null for anything else. For staging only: declared columns are read by the landing.
    Each engine reads other texts as times, too (`10:00`, `epoch`, `2025`): only what both read alike is left to them. -#}
{%- macro utc_timestamp(expression) -%}
    {%- set day, time = '[0-9]{4}-[0-9]{2}-[0-9]{2}', '[ T][0-9]{2}:[0-9]{2}' -%}
    {%- set second, zone = ':[0-9]{2}([.][0-9]{1,9})?', '(Z|[+-][0-9]{2}:?[0-9]{2})?' -%}
    {%- set pattern = '^' ~ day ~ '(' ~ time ~ '(' ~ second ~ zone ~ ')?)?$' -%}
    {%- set iso = "nullif(regexp_extract(upper(" ~ expression ~ "), '" ~ pattern ~ "', 0), '')" -%}
    {{ return(adapter.dispatch('utc_timestamp')(expression, iso)) }}
{%- endmacro -%}

{%- macro duckdb__utc_timestamp(expression, iso) -%}
    coalesce(
        make_timestamp(try_cast(regexp_extract({{ expression }}, '^[0-9]{12,14}$') as bigint) * 1000),
        make_timestamp(try_cast(regexp_extract({{ expression }}, '^[0-9]{9,10}$') as bigint) * 1000000),
        try_cast({{ iso }} as timestamptz) at time zone 'UTC'
    )
{%- endmacro -%}

{%- macro spark__utc_timestamp(expression, iso) -%}
    coalesce(
        timestamp_millis(try_cast(nullif(regexp_extract({{ expression }}, '^[0-9]{12,14}$', 0), '') as bigint)),
        timestamp_seconds(try_cast(nullif(regexp_extract({{ expression }}, '^[0-9]{9,10}$', 0), '') as bigint)),
        try_cast({{ iso }} as timestamp)
    )
{%- endmacro -%}
