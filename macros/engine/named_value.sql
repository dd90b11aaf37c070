{#- The value of the first of some keys that a JSON object has under any spelling (case, `-`, `_`, `.` and camelCase do
    not count) and that is not empty, None or null; else null. `prefix` stands before each of them. For staging only. -#}
{%- macro named_value(expression, names, prefix='') -%}
    coalesce(
        {%- for name in ([names] if names is string else names) %}
        {%- set value = adapter.dispatch('value_under_name')(expression, (prefix ~ name) | lower | replace('_', '') | replace('-', '') | replace('.', '')) %}
        case when lower(trim({{ value }})) not in ('', 'none', 'null') then trim({{ value }}) end{{ ',' }}
        {%- endfor %}
        cast(null as string)
    )
{%- endmacro -%}

{%- macro duckdb__value_under_name(expression, name) -%}
    json_extract_string({{ expression }}, '$."' || list_extract(list_filter(
        json_keys({{ expression }}), lambda key: regexp_replace(lower(key), '[-_. ]', '', 'g') = '{{ name }}'
    ), 1) || '"')
{%- endmacro -%}

{%- macro spark__value_under_name(expression, name) -%}
    get(map_values(map_filter(
        from_json({{ expression }}, 'map<string,string>'),
        (key, value) -> regexp_replace(lower(key), '[-_. ]', '') = '{{ name }}'
    )), 0)
{%- endmacro -%}
