-- The landed rows that decide what the touched days show: the calls of those days, every other version of them and
-- every other attempt of their requests. Empty in a full build, which reads all rows (int_calls_to_build).
-- Grain: one row per landed row (_load_id, _source_row).
-- A table, as big as the touched days: pricing reads it instead of history.
{{ config(materialized='table') }}
with

events as (

    select * from {{ ref('stg_canonical__inference_events') }}

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

)

select events.*
from events
where events.base_call_id in (select touched_calls.base_call_id from touched_calls)
