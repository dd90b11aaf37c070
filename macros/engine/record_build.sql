{#- Hooks that keep raw.builds: what was last written into this warehouse, and whether it may be published. A run that
    only reads (test, show, docs) is not recorded. On Spark nothing is recorded: releases come from the embedded file. -#}
{%- macro record_build_start() -%}
    {{ return(adapter.dispatch('record_build_start')() if execute and flags.WHICH in ['build', 'run', 'seed'] else '') }}
{%- endmacro -%}

{%- macro record_build_end(results) -%}
    {{ return(adapter.dispatch('record_build_end')(results) if execute and flags.WHICH in ['build', 'run', 'seed'] else '') }}
{%- endmacro -%}

{%- macro duckdb__record_build_start() -%}
    insert into raw.builds (build_id, command, status, started_at)
    values ('{{ invocation_id }}', '{{ flags.WHICH }}', 'running', cast('{{ run_started_at }}' as timestamptz) at time zone 'UTC')
{%- endmacro -%}

{%- macro duckdb__record_build_end(results) -%}
    {%- set done, failed = [], [] -%}
    {%- for result in results -%}
        {%- if result.status in ['success', 'pass', 'warn', 'no-op'] -%}{%- do done.append(result.node.unique_id) -%}
        {%- else -%}{%- do failed.append(result.node.unique_id) -%}{%- endif -%}
    {%- endfor -%}
    {%- set missing = [] -%}
    {%- for node in graph.nodes.values()
        if (node.resource_type == 'test' or (node.resource_type == 'model' and node.schema == 'marts'))
        and node.unique_id not in done -%}
        {%- do missing.append(node.unique_id) -%}
    {%- endfor -%}
    update raw.builds set
        status = '{{ "failed" if failed else ("partial" if missing else "green") }}',
        failure_count = {{ failed | length }}
    where build_id = '{{ invocation_id }}'
{%- endmacro -%}

{%- macro spark__record_build_start() -%}{%- endmacro -%}

{%- macro spark__record_build_end(results) -%}{%- endmacro -%}
