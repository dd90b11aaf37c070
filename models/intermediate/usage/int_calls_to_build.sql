-- The landed calls that this build has to look at.
-- Grain: one row per landed row (_load_id, _source_row).
-- In a full build all of them. In an incremental build those of the touched days, and beside them every other
-- version of the same calls and every other attempt of the same requests, which decide what the touched days show.
-- depends_on: {{ ref('int_days_touched') }}
with

events as (

    select * from {{ ref('stg_canonical__inference_events') }}

),

{% if builds_all_days() %}

final as (

    select * from events

)

{% else %}

touched_requests as (

    select distinct events.request_id
    from events
    where events.usage_date in (select days.usage_date from {{ ref('int_days_touched') }} as days)

),

touched_calls as (

    select distinct events.base_call_id
    from events
    where events.request_id in (select touched_requests.request_id from touched_requests)

),

final as (

    select events.*
    from events
    where events.base_call_id in (select touched_calls.base_call_id from touched_calls)

)

{% endif %}

select * from final
