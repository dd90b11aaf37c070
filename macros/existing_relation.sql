{#- The table that `schema.name` was left as by an earlier run, else none. Facts are asked for what they hold by name,
    not by ref(), where a ref() would be a circle: what to rebuild depends on what was built. -#}
{%- macro existing_relation(schema_and_name) -%}
    {%- set parts = schema_and_name.split('.') -%}
    {{ return(adapter.get_relation(database=target.database, schema=parts[0], identifier=parts[1]) if execute else none) }}
{%- endmacro -%}
