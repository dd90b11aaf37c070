-- The newest version of every call, under its final id, and whether it stands for its request.
-- Grain: one row per call_id.
with

events as (

    select * from {{ ref('int_calls_to_build') }}

),

repeated as (

    select * from {{ ref('int_calls_repeated') }}

),

final as (

    select
        coalesce(repeated.call_id, events.base_call_id) as call_id,
        coalesce(repeated.is_representative, true) as is_representative,
        events.*
    from events
    left join repeated
        on events._load_id = repeated._load_id
        and events._source_row = repeated._source_row
    where coalesce(repeated.is_in_force, true)

)

select * from final
