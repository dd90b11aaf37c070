{#- The body of a CTE: every call, span or observation above one of `calls`, as (source_name, call_id). Both relations have
    source_name, base_call_id and parent_call_id, with the parent null at the top. -#}
{%- macro call_ancestors(calls, edges) -%}
    {{ return(adapter.dispatch('call_ancestors')(calls, edges)) }}
{%- endmacro -%}

{%- macro duckdb__call_ancestors(calls, edges) -%}
    with recursive found as (

        select
            source_name,
            parent_call_id as call_id
        from {{ calls }}
        where parent_call_id is not null

        union

        select
            {{ edges }}.source_name,
            {{ edges }}.parent_call_id as call_id
        from found
        inner join {{ edges }}
            on found.source_name = {{ edges }}.source_name
            and found.call_id = {{ edges }}.base_call_id
        where {{ edges }}.parent_call_id is not null

    )

    select
        source_name,
        call_id
    from found
{%- endmacro -%}

{%- macro spark__call_ancestors(calls, edges) -%}
    {#- Spark 4.0 has no recursion: 32 levels, each read once by the next. -#}
    with step_0 as (

        select distinct
            source_name,
            parent_call_id as call_id
        from {{ calls }}
        where parent_call_id is not null

    ),
    {% for step in range(1, 32) %}
    step_{{ step }} as (

        select distinct
            source_name,
            call_id
        from (
            select
                below.source_name,
                explode(array(below.call_id, above.parent_call_id)) as call_id
            from step_{{ step - 1 }} as below
            left join {{ edges }} as above
                on below.source_name = above.source_name
                and below.call_id = above.base_call_id
        ) as level
        where call_id is not null

    ){{ ',' if not loop.last }}
    {% endfor %}
    select
        source_name,
        call_id
    from step_31
{%- endmacro -%}
