{#- A fingerprint of a whole row, given the name of its table or CTE; comparable within one engine only. -#}
{%- macro row_hash(table_name) -%}
    {{ return(adapter.dispatch('row_hash')(table_name)) }}
{%- endmacro -%}

{%- macro duckdb__row_hash(table_name) -%}
    md5(cast({{ table_name }} as varchar))
{%- endmacro -%}

{%- macro spark__row_hash(table_name) -%}
    md5(to_json(struct({{ table_name }}.*)))
{%- endmacro -%}
