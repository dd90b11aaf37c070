-- The landed rows that decide what the touched days show: the calls of those days, every other attempt of their
-- requests, every other version of these and every twin in another source. Empty in a full build, which reads all rows
-- (int_calls_to_build).
-- Grain: one row per landed row (_load_id, _source_row).
-- A table, as big as the touched days: pricing reads it instead of history.
{{ config(materialized='table') }}
with

-- Searched more than once, so it holds the columns of the search alone: DuckDB writes such a CTE out in full.
events as (

    select
        _load_id,
        _source_row,
        base_call_id,
        request_id,
        provider_response_id,
        requested_at,
        usage_date
    from {{ ref('int_calls_landed') }}

),

landed as (

    select * from {{ ref('int_calls_landed') }}

),

touched_days as (

    select distinct usage_date
    from {{ ref('int_days_touched') }}
    where cause <> 'full_build'

),

touched_requests as (

    select distinct events.request_id
    from events
    where events.usage_date in (select touched_days.usage_date from touched_days)

),

touched_calls as (

    select distinct events.base_call_id
    from events
    where events.request_id in (select touched_requests.request_id from touched_requests)

),

touched_responses as (

    select distinct events.provider_response_id
    from events
    where
        events.provider_response_id is not null
        and events.base_call_id in (select touched_calls.base_call_id from touched_calls)

),

-- Whether a twin counts depends on its own versions.
touched_or_twin_calls as (

    select base_call_id
    from touched_calls

    union

    select events.base_call_id
    from events
    where events.provider_response_id in (select touched_responses.provider_response_id from touched_responses)

),

touched_rows as (

    select
        events._load_id,
        events._source_row,
        events.requested_at
    from events
    where events.base_call_id in (select touched_or_twin_calls.base_call_id from touched_or_twin_calls)

),

final as (

    -- The time is part of the join only to let the engine skip the parts of history that hold no such row.
    select landed.*
    from landed
    inner join touched_rows
        on landed._load_id = touched_rows._load_id
        and landed._source_row = touched_rows._source_row
        and landed.requested_at = touched_rows.requested_at

)

select * from final
