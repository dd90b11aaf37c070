-- The newest version of every call, span and observation of the native logs, and why it is no call of ours, if it is
-- none: what its own row says, or that it stands above another call of its trace and may carry that one's tokens again.
-- A bad version leaves an older one in force.
-- Grain: one row per source_name and base_call_id.
-- A table, so that history is gone through once.
{{ config(materialized='table') }}
with

landed as (

    select * from {{ ref('int_native_calls_read') }}

),

versioned as (

    select
        source_name,
        base_call_id,
        context_id,
        parent_call_id,
        span_name,
        requested_at,
        skip_reason,
        _load_id,
        _source_row,
        row_number() over (
            partition by source_name, base_call_id
            order by
                coalesce(skip_reason = 'negative_remainder', false) asc,
                updated_at desc nulls last, _load_id desc nulls last, _source_row desc nulls last
        ) as version_rank
    from landed

),

newest as (

    select * from versioned
    where version_rank = 1

),

calls as (

    select * from newest
    where skip_reason is null

),

ancestors as (

    {{ call_ancestors('calls', 'newest') }}

),

contexts as (

    select
        source_name,
        context_id,
        count(*) as row_count,
        -- The name of the trace's root, the earliest of several that have one.
        min_by(span_name, cast(requested_at as string) || base_call_id)
            filter (where parent_call_id is null and span_name is not null) as root_name
    from newest
    where context_id is not null
    group by
        source_name,
        context_id

),

final as (

    select
        newest.source_name,
        newest.base_call_id,
        newest.context_id,
        coalesce(contexts.row_count > 1, false) as is_context_shared,
        contexts.root_name,
        case
            when newest.skip_reason is null and ancestors.call_id is not null then 'parent_of_call'
            else newest.skip_reason
        end as skip_reason,
        newest._load_id,
        newest._source_row
    from newest
    left join ancestors
        on newest.source_name = ancestors.source_name
        and newest.context_id = ancestors.context_id
        and newest.base_call_id = ancestors.call_id
    left join contexts
        on newest.source_name = contexts.source_name
        and newest.context_id = contexts.context_id

)

select * from final
