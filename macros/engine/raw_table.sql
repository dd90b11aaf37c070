{#- The statement that brings a table of schema raw about: it creates an empty one that is not there yet.
    On Spark the rows of a raw table are the Parquet files that scripts/export_raw.py writes below SPARK_RAW_PATH, which a
    session has to be told to look for again; without that variable the table is an empty one of Spark's own. -#}
{%- macro raw_table(name, definitions, is_there) -%}
    {{ return(adapter.dispatch('raw_table')(name, definitions, is_there)) }}
{%- endmacro -%}

{%- macro duckdb__raw_table(name, definitions, is_there) -%}
    {%- if not is_there -%}
    create table if not exists raw.{{ adapter.quote(name) }} ({{ definitions | join(', ') }})
    {%- endif -%}
{%- endmacro -%}

{%- macro spark__raw_table(name, definitions, is_there) -%}
    {%- if is_there -%}
    refresh table raw.{{ adapter.quote(name) }}
    {%- else -%}
    create table if not exists raw.{{ adapter.quote(name) }} ({{ definitions | join(', ') }}) using parquet
    {%- if env_var('SPARK_RAW_PATH', '') %}
    location '{{ env_var("SPARK_RAW_PATH") }}/{{ name }}'
    {%- endif -%}
    {%- endif -%}
{%- endmacro -%}
