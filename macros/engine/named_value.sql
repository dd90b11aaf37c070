{#- The value of the first of some keys that a list of named_values has under any spelling (case, `-`, `_`, `.` and
    camelCase do not count) and that is one (has_value); else null. `prefix` stands before each of them. -#}
{%- macro named_value(values, names, prefix='') -%}
    coalesce(
        {%- for name in ([names] if names is string else names) %}
        {{ adapter.dispatch('value_under_name')(
            values, (prefix ~ name) | lower | replace('_', '') | replace('-', '') | replace('.', '')
        ) }},
        {%- endfor %}
        cast(null as string)
    )
{%- endmacro -%}

{%- macro duckdb__value_under_name(values, name) -%}
    list_filter({{ values }}, lambda entry: entry.name = '{{ name }}' and {{ has_value('entry.value') }})[1].value
{%- endmacro -%}

{%- macro spark__value_under_name(values, name) -%}
    get(filter({{ values }}, entry -> entry.name = '{{ name }}' and {{ has_value('entry.value') }}), 0).value
{%- endmacro -%}
