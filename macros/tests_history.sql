{#- Whether data tests over single calls look at all of history: in a full refresh, a first build, with var verify_history, in
    `dbt test`, and as long as the last build that did so has not passed. -#}
{%- macro tests_history() -%}
    {%- set builds = existing_relation('builds') -%}
    {%- if not builds or flags.WHICH == 'test' -%}{{ return(true) }}{%- endif -%}
    {#- This build is one of them, running still, where it was begun as one (record_build_start). -#}
    {%- set last = run_query(
        'select status from ' ~ builds ~ ' where is_history_verified order by build_number desc limit 1'
    ).columns[0].values() -%}
    {{ return(last | first != 'green') }}
{%- endmacro -%}
