{#- How a model is written by its touched days, as arguments of config(): those of `days_model` are emptied, then written
    again. DuckDB deletes them and appends, in one transaction. Spark has none: it drops the days' partitions and
    overwrites those that have rows, so that doing it twice is doing it once. -#}
{%- macro touched_days_config(days_model, column='usage_date') -%}
    {%- do ref(days_model) -%}
    {{ return(dict(
        adapter.dispatch('touched_days_strategy')(column),
        materialized='incremental',
        on_schema_change='fail',
        pre_hook="{{ delete_touched_days('" ~ days_model ~ "', '" ~ column ~ "') }}",
    )) }}
{%- endmacro -%}

{%- macro duckdb__touched_days_strategy(column) -%}
    {{ return(appended_config()) }}
{%- endmacro -%}

{%- macro spark__touched_days_strategy(column) -%}
    {{ return(dict(appended_config(), incremental_strategy='insert_overwrite', partition_by=column)) }}
{%- endmacro -%}

{#- What only ever gets new rows. -#}
{%- macro appended_config() -%}
    {{ return(adapter.dispatch('appended_config')()) }}
{%- endmacro -%}

{%- macro duckdb__appended_config() -%}
    {{ return({'incremental_strategy': 'append'}) }}
{%- endmacro -%}

{%- macro spark__appended_config() -%}
    {#- The view that dbt writes from stays in the session, and a server with one session works out each of its views
        again whenever a connection closes, after every model: so it is left as one that costs nothing. Not dropped: a
        view that goes while another connection closes fails that one's model. -#}
    {{ return({
        'incremental_strategy': 'append',
        'post_hook': "create or replace temporary view {{ this.identifier }}__dbt_tmp as select 1 as written",
    }) }}
{%- endmacro -%}
