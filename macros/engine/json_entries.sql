{#- The attribution keys a JSON object holds, as a list of (name, value): names in matching form, values that are none
    left out. For staging only. -#}
{%- macro json_entries(expression) -%}
    {{ return(adapter.dispatch('json_entries')(expression)) }}
{%- endmacro -%}

{%- macro duckdb__json_entries(expression) -%}
    list_filter(
        list_transform(
            map_entries({{ json_map(expression) }}),
            lambda entry: {'name': translate(lower(entry.key), '-_.', ''), 'value': trim(entry.value)}
        ),
        lambda entry: entry.name in ({{ attribution_names() }})
            and {{ has_value('entry.value') }}
    )
{%- endmacro -%}

{%- macro spark__json_entries(expression) -%}
    filter(
        transform(
            map_entries({{ json_map(expression) }}),
            entry -> struct(translate(lower(entry.key), '-_.', '') as name, trim(entry.value) as value)
        ),
        entry -> entry.name in ({{ attribution_names() }})
            and {{ has_value('entry.value') }}
    )
{%- endmacro -%}
