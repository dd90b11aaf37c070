{#- How DuckDB makes a table or a view: replaced by one statement inside the transaction. The adapter's own way (make it
    under another name, rename the old one, rename the new one, drop the old one) asks five times as much of dbt, which
    is what most of a build of small tables takes. Readers see none of it: they read the published file. -#}
{% materialization table, adapter='duckdb' %}
    {%- set relation = this.incorporate(type='table') -%}
    {%- set create = create_table_as(false, relation, compiled_code) -%}
    {{ return(replace_relation(relation, create | replace('create  table', 'create or replace table'))) }}
{% endmaterialization %}

{% materialization view, adapter='duckdb' %}
    {%- set relation = this.incorporate(type='view') -%}
    {%- set create = get_create_view_as_sql(relation, compiled_code) -%}
    {{ return(replace_relation(relation, create | replace('create view', 'create or replace view'))) }}
{% endmaterialization %}

{#- Runs the statement that replaces a relation, with the model's hooks and comments. A view in a table's place, or a table
    in a view's, is dropped first: one cannot replace the other. -#}
{% macro replace_relation(relation, create) %}
    {%- set existing = load_cached_relation(relation) -%}
    {{ run_hooks(pre_hooks) }}
    {% if existing is not none and existing.type != relation.type %}{% do adapter.drop_relation(existing) %}{% endif %}
    {% call statement('main') -%}{{ create }}{%- endcall %}
    {% do persist_docs(relation, model) %}
    {{ run_hooks(post_hooks) }}
    {% do adapter.commit() %}
    {{ return({'relations': [relation]}) }}
{% endmacro %}
