{#- The statement that removes the days of a relation's column usage_date from a fact. -#}
{%- macro delete_days(fact, days) -%}
    {{ return(adapter.dispatch('delete_days')(fact, days)) }}
{%- endmacro -%}

{%- macro duckdb__delete_days(fact, days) -%}
    delete from {{ fact }}
    where usage_date in (select days.usage_date from {{ days }} as days)
{%- endmacro -%}

{%- macro spark__delete_days(fact, days) -%}
    {#- Parquet has no delete: the days are partitions and are dropped. A run that fails before it has written them again
        leaves them out; the next run finds them touched still, because int_references_built is written last. -#}
    {%- set specs = [] -%}
    {%- if execute -%}
        {%- set listed = run_query('select distinct cast(usage_date as string) as usage_day from ' ~ days) -%}
        {%- for day in listed.columns[0].values() -%}{%- do specs.append("partition (usage_date = '" ~ day ~ "')") -%}{%- endfor -%}
    {%- endif -%}
    {%- if specs -%}
    alter table {{ fact }} drop if exists {{ specs | join(', ') }}
    {%- endif -%}
{%- endmacro -%}
