-- Traces of Langfuse, the newest version of each: what the observations of a trace were for. Never a call.
-- Grain: one row per trace_id.
with

source as (

    select * from {{ source('raw', 'langfuse_traces') }}

),

renamed as (

    select

        ---------- ids
        id as trace_id,
        user_id,

        ---------- strings
        name as trace_name,
        nullif(lower(trim(environment)), 'default') as environment,

        ---------- attribution keys
        {{ json_map('metadata') }} as metadata_map,
        {{ joined_entries([
            json_entries('metadata'),
            json_entries("metadata_map['attributes']"),
            json_entries("metadata_map['resourceAttributes']")
        ]) }} as attributes,
        {{ tag_entries('tags') }} as tag_attributes,

        ---------- flags
        coalesce(is_deleted, false) as is_deleted,

        ---------- landing, and versions
        _load_id,
        row_number() over (
            partition by id
            order by updated_at desc nulls last, _load_id desc nulls last, _source_row desc nulls last
        ) as version_rank

    from source

),

final as (

    -- The newest landing counts, whichever version is in force: a landed row may have changed which one is.
    select
        trace_id,
        user_id,
        trace_name,
        environment,
        attributes,
        tag_attributes,
        is_deleted,
        _load_id
    from renamed
    where version_rank = 1

)

select * from final
