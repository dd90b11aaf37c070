{#- How DuckDB makes a table or a view: replaced by one statement inside the transaction. The adapter's own way (make it
    under another name, rename the old one, rename the new one, drop the old one) asks five times as much of dbt, which
    is what most of a build of small tables takes. Readers see none of it: they read the published file. -#}
{% materialization table, adapter='duckdb' %}
    {%- set relation = this.incorporate(type='table') -%}
    {{ run_hooks(pre_hooks) }}
    {% do drop_other_kind(relation) %}
    {% call statement('main') -%}
        {{ create_table_as(false, relation, compiled_code) | replace('create  table', 'create or replace table') }}
    {%- endcall %}
    {% do persist_docs(relation, model) %}
    {{ run_hooks(post_hooks) }}
    {% do adapter.commit() %}
    {{ return({'relations': [relation]}) }}
{% endmaterialization %}

{% materialization view, adapter='duckdb' %}
    {%- set relation = this.incorporate(type='view') -%}
    {{ run_hooks(pre_hooks) }}
    {% do drop_other_kind(relation) %}
    {% call statement('main') -%}
        {{ get_create_view_as_sql(relation, compiled_code) | replace('create view', 'create or replace view') }}
    {%- endcall %}
    {% do persist_docs(relation, model) %}
    {{ run_hooks(post_hooks) }}
    {% do adapter.commit() %}
    {{ return({'relations': [relation]}) }}
{% endmaterialization %}

{#- Drops a view in a table's place, or a table in a view's: one cannot replace the other. -#}
{% macro drop_other_kind(relation) %}
    {%- set existing = load_cached_relation(relation) -%}
    {% if existing is not none and existing.type != relation.type %}{% do adapter.drop_relation(existing) %}{% endif %}
{% endmacro %}
