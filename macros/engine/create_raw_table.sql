{#- The statement that creates an empty table of schema raw, unless it is there.
    On Spark the rows of a raw table are the Parquet files that scripts/export_raw.py writes below SPARK_RAW_PATH, which a
    session has to be told to look for again; without that variable the table is an empty one of Spark's own. -#}
{%- macro create_raw_table(name, definitions) -%}
    {{ return(adapter.dispatch('create_raw_table')(name, definitions)) }}
{%- endmacro -%}

{%- macro duckdb__create_raw_table(name, definitions) -%}
    create table if not exists raw.{{ adapter.quote(name) }} ({{ definitions | join(', ') }})
{%- endmacro -%}

{%- macro spark__create_raw_table(name, definitions) -%}
    {%- if existing_relation(name) -%}
    refresh table raw.{{ adapter.quote(name) }}
    {%- else -%}
    create table raw.{{ adapter.quote(name) }} ({{ definitions | join(', ') }}) using parquet
    {%- if env_var('SPARK_RAW_PATH', '') %}
    location '{{ env_var("SPARK_RAW_PATH") }}/{{ name }}'
    {%- endif -%}
    {%- endif -%}
{%- endmacro -%}
