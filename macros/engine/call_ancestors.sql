{#- The body of a CTE: every call, span or observation above one of `calls` in its trace, as (source_name, context_id,
    call_id). Both relations have these and base_call_id, parent_call_id: null at the top; context_id is the trace. -#}
{%- macro call_ancestors(calls, edges) -%}
    {{ return(adapter.dispatch('call_ancestors')(calls, edges)) }}
{%- endmacro -%}

{%- macro duckdb__call_ancestors(calls, edges) -%}
    with recursive found as (

        select
            source_name,
            context_id,
            parent_call_id as call_id
        from {{ calls }}
        where parent_call_id is not null

        union

        select
            {{ edges }}.source_name,
            {{ edges }}.context_id,
            {{ edges }}.parent_call_id as call_id
        from found
        inner join {{ edges }}
            on found.source_name = {{ edges }}.source_name
            and found.context_id = {{ edges }}.context_id
            and found.call_id = {{ edges }}.base_call_id
        where {{ edges }}.parent_call_id is not null

    )

    select
        source_name,
        context_id,
        call_id
    from found
{%- endmacro -%}

{%- macro spark__call_ancestors(calls, edges) -%}
    {#- Spark 4.0 has no recursion: who is at most one level above whom, then two, four, and so on up to 32 levels. -#}
    with above_1 as (

        select
            source_name,
            context_id,
            base_call_id as call_id,
            parent_call_id as ancestor_id
        from {{ edges }}
        where parent_call_id is not null

    ),
    {% for levels in [2, 4, 8, 16, 32] %}
    above_{{ levels }} as (

        select distinct
            source_name,
            context_id,
            call_id,
            ancestor_id
        from (
            select
                nearer.source_name,
                nearer.context_id,
                nearer.call_id,
                explode(array(nearer.ancestor_id, farther.ancestor_id)) as ancestor_id
            from above_{{ levels // 2 }} as nearer
            left join above_{{ levels // 2 }} as farther
                on nearer.source_name = farther.source_name
                and nearer.context_id = farther.context_id
                and nearer.ancestor_id = farther.call_id
        ) as level
        where ancestor_id is not null

    ){{ ',' if not loop.last }}
    {% endfor %}
    select distinct
        above_32.source_name,
        above_32.context_id,
        above_32.ancestor_id as call_id
    from above_32
    inner join {{ calls }}
        on above_32.source_name = {{ calls }}.source_name
        and above_32.context_id = {{ calls }}.context_id
        and above_32.call_id = {{ calls }}.base_call_id
{%- endmacro -%}
