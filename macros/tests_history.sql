{#- Whether data tests over single calls look at all of history: in a full refresh, a first build, with var verify_history, in
    `dbt test`, and as long as the last build that did so has not passed. -#}
{%- macro tests_history() -%}
    {%- if not execute or flags.WHICH != 'build' -%}{{ return(true) }}{%- endif -%}
    {#- This build is one of them, running still, where it was begun as one (record_build_start). The table is named, not
        looked up: that would open a transaction that the hook's own insert is rolled back with. -#}
    {%- set last = run_query(
        'select status from raw.builds where is_history_verified order by build_number desc limit 1'
    ).columns[0].values() -%}
    {{ return(last | first != 'green') }}
{%- endmacro -%}
