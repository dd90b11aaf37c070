{#- The members of a JSON object as a list of (name, value), for named_value: names without case, `-`, `_` and `.`, nested
    values as JSON text; null for anything else. For staging only. -#}
{%- macro named_values(expression) -%}
    {{ return(adapter.dispatch('named_values')(expression)) }}
{%- endmacro -%}

{%- macro duckdb__named_values(expression) -%}
    list_transform(
        map_entries(json_transform(
            case when left(ltrim({{ expression }}), 1) = '{' then {{ expression }} end, '"MAP(VARCHAR, VARCHAR)"'
        )),
        lambda entry: {'name': translate(lower(entry.key), '-_. ', ''), 'value': trim(entry.value)}
    )
{%- endmacro -%}

{%- macro spark__named_values(expression) -%}
    transform(
        map_entries(from_json(
            case when left(ltrim({{ expression }}), 1) = '{' then {{ expression }} end, 'map<string, string>'
        )),
        entry -> struct(
            translate(lower(entry.key), '-_. ', '') as name, trim({{ spark__json_number('entry.value') }}) as value
        )
    )
{%- endmacro -%}
