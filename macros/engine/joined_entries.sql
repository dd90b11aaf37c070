{#- Lists of attribution keys one after the other, in the order they are asked. -#}
{%- macro joined_entries(lists) -%}
    {{ return(adapter.dispatch('joined_entries')(lists)) }}
{%- endmacro -%}

{%- macro duckdb__joined_entries(lists) -%}
    list_concat({{ lists | join(', ') }})
{%- endmacro -%}

{%- macro spark__joined_entries(lists) -%}
    concat(
        {%- for list in lists %}
        coalesce({{ list }}, cast(array() as array<struct<name: string, value: string>>)){{ ',' if not loop.last }}
        {%- endfor %}
    )
{%- endmacro -%}
