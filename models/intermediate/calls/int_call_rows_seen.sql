-- Every landed row that decides what some call is: the calls themselves, and what stands around them in their traces
-- and sessions, whose landing may change them.
-- Grain: one row per landed row of a call, span, observation or trace.
-- Only ids and days, all that is asked to find the days a landing touches.
with

native as (

    select * from {{ ref('int_native_calls_read') }}

),

traces as (

    select * from {{ ref('stg_langfuse__traces') }}

),

final as (

    select
        base_call_id,
        request_id,
        provider_response_id,
        cast(null as string) as context_key,
        usage_date,
        _load_id
    from {{ ref('stg_canonical__inference_events') }}

    union all

    select
        base_call_id,
        request_id,
        provider_response_id,
        source_name || '|' || context_id as context_key,
        usage_date,
        _load_id
    from native

    union all

    select
        cast(null as string) as base_call_id,
        cast(null as string) as request_id,
        cast(null as string) as provider_response_id,
        'langfuse_observations|' || trace_id as context_key,
        cast(null as date) as usage_date,
        _load_id
    from traces

)

select * from final
