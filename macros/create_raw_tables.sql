{#- Creates schema raw and every raw table that is not there yet, from the sources' own specification, so that dbt builds
    on an empty warehouse too. scripts/land.py creates the same tables with the same types. Called by on-run-start, which
    commits nothing of its own: each statement runs outside of a transaction. -#}
{%- macro create_raw_tables() -%}
    {%- if execute -%}
        {%- set meta_columns = {
            '_source_file': 'string', '_source_row': 'bigint', '_load_id': 'bigint', '_landed_at': 'timestamp', '_extra': 'string'
        } -%}
        {%- call statement('create_raw_schema', fetch_result=false, auto_begin=false) -%}
            create schema if not exists raw
        {%- endcall -%}
        {%- for table in graph.sources.values() if table.source_name == 'raw' -%}
            {%- set definitions = [] -%}
            {%- for column in table.columns.values() -%}
                {%- do definitions.append(adapter.quote(column.name) ~ ' ' ~ column.data_type) -%}
            {%- endfor -%}
            {%- for name, data_type in meta_columns.items() if table.meta.landing -%}
                {%- do definitions.append(adapter.quote(name) ~ ' ' ~ data_type) -%}
            {%- endfor -%}
            {%- if not table.meta.landing -%}{%- do check_raw_columns(table) -%}{%- endif -%}
            {%- call statement('create_' ~ table.name, fetch_result=false, auto_begin=false) -%}
                {{ create_raw_table(table.identifier, definitions) }}
            {%- endcall -%}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro -%}
