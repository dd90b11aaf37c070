-- The landed rows that decide what the touched days show: the calls of those days, every other version of them and
-- every other attempt of their requests. Empty in a full build, which reads all rows (int_calls_to_build).
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

touched_rows as (

    select
        events._load_id,
        events._source_row,
        events.requested_at
    from events
    where events.base_call_id in (select touched_calls.base_call_id from touched_calls)

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
