{#- Hooks that keep raw.builds: what was last written into this warehouse, and whether it may be published. A run that
    only reads (test, show, docs) is not recorded. On Spark nothing is recorded: releases come from the embedded file. -#}
{%- macro record_build_start() -%}
    {{ return(adapter.dispatch('record_build_start')() if execute and flags.WHICH in ['build', 'run', 'seed'] else '') }}
{%- endmacro -%}

{%- macro record_build_end(results) -%}
    {{ return(adapter.dispatch('record_build_end')(results) if execute and flags.WHICH in ['build', 'run', 'seed'] else '') }}
{%- endmacro -%}

{%- macro duckdb__record_build_start() -%}
    {#- Seeds and vars as this run has them: another project that installs this one may bring its own of both. -#}
    {%- set seeds, folders = {}, [] -%}
    {%- for node in graph.nodes.values() if node.resource_type == 'seed' -%}
        {%- do seeds.update({node.name: node.checksum.checksum}) -%}
        {%- if node.package_name == 'ai_unit_economics' -%}{%- do folders.append(node.root_path) -%}{%- endif -%}
    {%- endfor -%}
    {#- Where dbt read our seeds; our own folder may have been moved since. -#}
    {%- set started_in = invocation_args_dict.project_dir or flags.PROJECT_DIR or '.' -%}
    {%- set folder = started_in if project_name == 'ai_unit_economics' else folders[0] -%}
    {%- set project_file = "read_text(" ~ dbt.string_literal(dbt.escape_single_quotes(folder ~ '/dbt_project.yml')) ~ ")" -%}
    {%- set declared = fromyaml(run_query('select content from ' ~ project_file).columns[0][0]).vars -%}
    {%- set settings = {} -%}
    {%- for name in declared -%}
        {%- do settings.update({name: var(name) | string if var(name).isoformat is defined else var(name)}) -%}
    {%- endfor %}
    insert into raw.builds by name
    select
        '{{ invocation_id }}' as build_id,
        '{{ flags.WHICH }}' as command,
        'running' as status,
        cast(null as bigint) as failure_count,
        cast('{{ run_started_at }}' as timestamptz) at time zone 'UTC' as started_at,
        (select coalesce(max(builds.build_number), 0) + 1 from raw.builds as builds) as build_number,
        (select coalesce(max(loads.load_id), 0) from raw.loads as loads) as last_load_id,
        (select max(prices.book_version) from raw.model_prices as prices) as book_version,
        {{ dbt.string_literal(dbt.escape_single_quotes(tojson(seeds))) }} as seeds,
        (select content from {{ project_file }}) as project_file,
        {{ dbt.string_literal(dbt.escape_single_quotes(tojson(settings))) }} as vars,
        {{ builds_all_days() or var('verify_history') or (flags.WHICH == 'build' and tests_history()) }}
            as is_history_verified
{%- endmacro -%}

{%- macro duckdb__record_build_end(results) -%}
    {%- set done, failed = [], [] -%}
    {%- for result in results -%}
        {%- if result.status in ['success', 'pass', 'warn', 'no-op'] -%}{%- do done.append(result.node.unique_id) -%}
        {%- else -%}{%- do failed.append(result.node.unique_id) -%}{%- endif -%}
    {%- endfor -%}
    {#- Where no seed is made the code is that of the last build, and so is what tests of code alone say of it. -#}
    {%- set seeds, missing = [], [] -%}
    {%- for unique_id in selected_resources if unique_id.startswith('seed.ai_unit_economics.') -%}
        {%- do seeds.append(unique_id) -%}
    {%- endfor -%}
    {%- for node in graph.nodes.values()
        if node.package_name == 'ai_unit_economics' and node.unique_id not in done
        and (node.access == 'public' or (node.resource_type == 'test' and (seeds or 'code_alone' not in node.tags))) -%}
        {%- do missing.append(node.unique_id) -%}
    {%- endfor -%}
    update raw.builds set
        status = '{{ "failed" if failed else ("partial" if missing else "green") }}',
        failure_count = {{ failed | length }}
    where build_id = '{{ invocation_id }}'
{%- endmacro -%}

{%- macro spark__record_build_start() -%}{%- endmacro -%}

{%- macro spark__record_build_end(results) -%}{%- endmacro -%}
