{#- Brings a raw table that is there up to its specification: a column new in it is added, with a line that says so. Anything
    else that differs, and a new column of a table that a program has to fill again, stops with what to do. scripts/land.py
    (landing/tables.py) does the same. On Spark raw tables are registered anew with each export. -#}
{%- macro check_raw_columns(table, types) -%}
    {{ return(adapter.dispatch('check_raw_columns')(table, types)) }}
{%- endmacro -%}

{%- macro duckdb__check_raw_columns(table, types) -%}
    {#- Outside of a transaction, like the statements around it. -#}
    {%- call statement('raw_columns', fetch_result=true, auto_begin=false) -%}
        select column_name, data_type from duckdb_columns()
        where schema_name = 'raw' and table_name = '{{ table.identifier }}' and database_name = current_database()
    {%- endcall -%}
    {%- set present = dict(load_result('raw_columns')['data']) -%}
    {%- set name = 'raw.' ~ table.identifier -%}
    {%- for column, data_type in present.items()
        if types.get(column, '') | upper | replace(' ', '') | replace('STRING', 'VARCHAR') != data_type -%}
        {%- do exceptions.raise_compiler_error(
            name ~ ' was made by another version: its column ' ~ column ~ ' is ' ~ data_type ~ ', not '
            ~ types.get(column, 'known') ~ ': move the warehouse away and land everything again, or set it right by'
            ~ ' `alter table`'
        ) -%}
    {%- endfor -%}
    {%- for column, data_type in types.items() if present and column not in present -%}
        {%- if table.meta.is_derived -%}
            {%- do exceptions.raise_compiler_error(
                name ~ ' was made by an earlier version, without column ' ~ column
                ~ ': run scripts/land.py, which adds it and fills the table again'
            ) -%}
        {%- endif -%}
        {%- do log(name ~ ': column ' ~ column ~ ' added', info=true) -%}
        {%- call statement('add_raw_column', fetch_result=false, auto_begin=false) -%}
            alter table {{ name }} add column {{ adapter.quote(column) }} {{ data_type }}
        {%- endcall -%}
    {%- endfor -%}
{%- endmacro -%}

{%- macro spark__check_raw_columns(table, types) -%}{%- endmacro -%}
