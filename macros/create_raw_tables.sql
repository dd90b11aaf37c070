{#- Creates schema raw and every raw table that is not there yet, from the sources' own specification, so that dbt builds
    on an empty warehouse too, and adds the columns that older tables lack. scripts/land.py does the same with the same
    types. Called by on-run-start, which commits nothing of its own: each statement runs outside of a transaction. -#}
{%- macro create_raw_tables() -%}
    {%- if execute -%}
        {%- set meta_columns = {
            '_source_file': 'string', '_source_row': 'bigint', '_load_id': 'bigint', '_landed_at': 'timestamp', '_extra': 'string'
        } -%}
        {%- call statement('create_raw_schema', fetch_result=false, auto_begin=false) -%}
            create schema if not exists raw
        {%- endcall -%}
        {%- for table in graph.sources.values()
            if table.package_name == 'ai_unit_economics' and table.source_name == 'raw' -%}
            {%- set types = {} -%}
            {%- for column in table.columns.values() -%}
                {%- do types.update({column.name: column.data_type}) -%}
            {%- endfor -%}
            {%- if table.meta.landing -%}{%- do types.update(meta_columns) -%}{%- endif -%}
            {%- do check_raw_columns(table, types) -%}
            {%- set definitions = [] -%}
            {%- for name, data_type in types.items() -%}
                {%- do definitions.append(adapter.quote(name) ~ ' ' ~ data_type) -%}
            {%- endfor -%}
            {%- call statement('create_' ~ table.name, fetch_result=false, auto_begin=false) -%}
                {{ create_raw_table(table.identifier, definitions) }}
            {%- endcall -%}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro -%}
