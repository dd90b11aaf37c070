{#- What a list of touched days or months held when a build began that did not end: it may have written some of them from
    inputs that have been put back since, so they are touched again. For the end of the list's own query. -#}
{%- macro unfinished_build(name, columns) -%}
    {{ return(adapter.dispatch('unfinished_build')(name, columns)) }}
{%- endmacro -%}

{%- macro duckdb__unfinished_build(name, columns) -%}
    {%- if not builds_all_days() -%}
    {%- set earlier, built = existing_relation(name), existing_relation('int_references_built') -%}
    {%- if earlier %}
    union

    select {{ columns }}
    from {{ earlier }}
    where build_id not in (
        select built_rows.fingerprint from {{ built }} as built_rows where built_rows.reference_kind = 'build'
    )
    {%- endif -%}
    {%- endif -%}
{%- endmacro -%}

{%- macro spark__unfinished_build(name, columns) -%}
    {#- A table is dropped before it is made again: it cannot be made from itself. Inputs that are put back after a build
        that failed want a full refresh. -#}
{%- endmacro -%}
