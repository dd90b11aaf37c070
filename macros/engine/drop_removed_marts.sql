{#- Hook before a run: a mart whose model was removed would stay in every later release, as it was. Spark has no
    releases, and where another project installs this one the schema may hold what is not ours. -#}
{%- macro drop_removed_marts() -%}
    {%- set is_ours = project_name == 'ai_unit_economics' and execute and flags.WHICH in ['build', 'run'] -%}
    {{ return(adapter.dispatch('drop_removed_marts')() if is_ours else '') }}
{%- endmacro -%}

{%- macro spark__drop_removed_marts() -%}
{%- endmacro -%}

{%- macro duckdb__drop_removed_marts() -%}
    {%- set marts = generate_schema_name('marts', none) | trim -%}
    {%- set made = graph.nodes.values() | selectattr('schema', 'equalto', marts) | map(attribute='alias') | list -%}
    {%- set found = run_query(
        "select table_name, table_type = 'VIEW' from information_schema.tables"
        ~ " where table_catalog = current_database() and table_schema = " ~ dbt.string_literal(marts)
    ) -%}
    {%- for name, is_view in found.rows if name not in made -%}
        {%- set relation = api.Relation.create(target.database, marts, name, type='view' if is_view else 'table') -%}
        {%- do log('Dropping ' ~ relation ~ ': no model makes it any more', info=true) -%}
        {%- do adapter.drop_relation(relation) -%}
    {%- endfor -%}
{%- endmacro -%}
