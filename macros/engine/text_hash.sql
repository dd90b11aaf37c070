{#- A 64-bit hash of a text: cheap to group millions of ids by. Only ever used to narrow a search, because
    two texts may share a hash. -#}
{%- macro text_hash(expression) -%}
    {{ return(adapter.dispatch('text_hash')(expression)) }}
{%- endmacro -%}

{%- macro duckdb__text_hash(expression) -%}
    hash({{ expression }})
{%- endmacro -%}

{%- macro spark__text_hash(expression) -%}
    xxhash64({{ expression }})
{%- endmacro -%}
