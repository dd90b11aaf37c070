{#- The value of the first entry of that name in a list of attribution keys, null without one. -#}
{%- macro entry_value(entries, name) -%}
    {{ return(adapter.dispatch('entry_value')(entries, name)) }}
{%- endmacro -%}

{%- macro duckdb__entry_value(entries, name) -%}
    list_filter({{ entries }}, lambda entry: entry.name = '{{ name }}')[1].value
{%- endmacro -%}

{%- macro spark__entry_value(entries, name) -%}
    get(filter({{ entries }}, entry -> entry.name = '{{ name }}'), 0).value
{%- endmacro -%}
