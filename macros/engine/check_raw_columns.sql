{#- Stops with what to do when a table that programs fill was made by an earlier version of the project: what it holds is
    made again, so nothing is migrated. On Spark raw tables are registered anew with each export. -#}
{%- macro check_raw_columns(table) -%}
    {{ return(adapter.dispatch('check_raw_columns')(table)) }}
{%- endmacro -%}

{%- macro duckdb__check_raw_columns(table) -%}
    {#- Outside of a transaction, like the statements around it. -#}
    {%- call statement('raw_columns', fetch_result=true, auto_begin=false) -%}
        select column_name from information_schema.columns
        where table_schema = 'raw' and table_name = '{{ table.identifier }}'
    {%- endcall -%}
    {%- set present = load_result('raw_columns')['data'] | map('first') | list -%}
    {%- for column in table.columns.values() if present and column.name not in present -%}
        {%- do exceptions.raise_compiler_error(
            'raw.' ~ table.identifier ~ ' was made by an earlier version, without column ' ~ column.name
            ~ ': run `drop table raw.' ~ table.identifier ~ '` in the warehouse; it is filled again'
        ) -%}
    {%- endfor -%}
{%- endmacro -%}

{%- macro spark__check_raw_columns(table) -%}{%- endmacro -%}
