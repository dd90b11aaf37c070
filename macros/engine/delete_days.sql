{#- The statement that removes the days of a relation from a fact that has the same column. -#}
{%- macro delete_days(fact, days, column) -%}
    {{ return(adapter.dispatch('delete_days')(fact, days, column)) }}
{%- endmacro -%}

{%- macro duckdb__delete_days(fact, days, column) -%}
    delete from {{ fact }}
    where {{ column }} in (select days.{{ column }} from {{ days }} as days)
{%- endmacro -%}

{%- macro spark__delete_days(fact, days, column) -%}
    {#- Parquet has no delete: the days are partitions and are dropped. A run that fails before it has written them again
        leaves them out; the next run finds them touched still, because int_references_built is written last. -#}
    {%- set specs = [] -%}
    {%- if execute -%}
        {%- set listed = run_query('select distinct cast(' ~ column ~ ' as string) as usage_day from ' ~ days) -%}
        {%- for day in listed.columns[0].values() -%}{%- do specs.append("partition (" ~ column ~ " = '" ~ day ~ "')") -%}{%- endfor -%}
    {%- endif -%}
    {%- if specs -%}
    alter table {{ fact }} drop if exists {{ specs | join(', ') }}
    {%- endif -%}
{%- endmacro -%}
