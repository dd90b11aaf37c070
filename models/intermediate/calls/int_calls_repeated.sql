-- The few landed rows that share a call or a request with another: which version of a call is in force, under which
-- id, and which attempt stands for its request.
-- Grain: one row per landed row (_load_id, _source_row) of a call with several rows or a request with several attempts.
-- A table, so that the windows run once and over these rows alone: everything else, nearly all, stands for itself.
-- decisions.md, Same call twice and Retries.
{{ config(materialized='table') }}
{% set request_and_step = "request_id || '|' || " ~ dimension_word('step') %}
with

events as (

    select * from {{ ref('int_calls_to_build') }}

),

-- Ids are counted by their hash, which is cheap; two ids may share one, so the windows look at the ids themselves.
repeated_calls as (

    select {{ text_hash('base_call_id') }} as base_call_hash
    from events
    group by base_call_hash
    having count(*) > 1

),

repeated_requests as (

    select {{ text_hash(request_and_step) }} as request_hash
    from events
    where {{ is_inference_type('call_type') }}
    group by request_hash
    having count(*) > 1

),

repeated as (

    select
        _load_id,
        _source_row,
        base_call_id,
        request_id,
        {{ dimension_word('step') }} as step,
        call_type,
        attempt_number,
        requested_at,
        updated_at,
        status = 'success' as is_delivered,
        {{ is_inference_type('call_type') }} as is_inference_type,
        has_default_call_id and updated_at is null as is_default_attempt
    from events
    where
        {{ text_hash('base_call_id') }} in (select repeated_calls.base_call_hash from repeated_calls)
        or (
            {{ is_inference_type('call_type') }}
            and {{ text_hash(request_and_step) }} in (select repeated_requests.request_hash from repeated_requests)
        )

),

numbered as (

    -- Same default id, other time: another attempt, not another version.
    select
        *,
        dense_rank() over (
            partition by base_call_id, is_default_attempt
            order by requested_at asc nulls last
        ) as default_attempt_rank
    from repeated

),

identified as (

    select
        *,
        case
            when is_default_attempt and default_attempt_rank > 1
                then base_call_id || '#' || cast(default_attempt_rank as string)
            else base_call_id
        end as call_id
    from numbered

),

versioned as (

    select
        *,
        row_number() over (
            partition by call_id
            order by updated_at desc nulls last, _load_id desc nulls last, _source_row desc nulls last
        ) = 1 as is_in_force
    from identified

),

ranked as (

    -- Only attempts that are in force and of an inference type can stand for a request.
    select
        *,
        is_in_force and is_inference_type as is_candidate,
        max(case when is_in_force and is_inference_type and is_delivered then 1 else 0 end) over (
            partition by request_id, step
        ) = 1 as has_delivered,
        row_number() over (
            partition by request_id, step, is_in_force and is_inference_type, is_delivered
            order by attempt_number asc nulls last, requested_at asc nulls last, call_id asc nulls last
        ) as attempt_rank,
        row_number() over (
            partition by request_id, step, is_in_force and is_inference_type, is_delivered
            order by attempt_number desc nulls last, requested_at desc nulls last, call_id desc nulls last
        ) as reverse_attempt_rank
    from versioned

),

final as (

    select
        _load_id,
        _source_row,
        call_id,
        is_in_force,
        is_candidate
        and (
            (is_delivered and attempt_rank = 1)
            or (not has_delivered and reverse_attempt_rank = 1)
        ) as is_representative
    from ranked

)

select * from final
