-- Which attempt stands for its request: the first that succeeded, by attempt, time and id, else the last.
-- Grain: one row per call_id of int_calls_merged; every other call stands for itself.
-- decisions.md, Retries.
{{ config(materialized='table') }}
with

merged as (

    select
        *,
        {{ dimension_word('step') }} as step_word,
        status = 'success' as is_delivered,
        {{ is_inference_type('call_type') }} as is_candidate
    from {{ ref('int_calls_merged') }}

),

ranked as (

    -- Only attempts of an inference type can stand for a request.
    select
        *,
        max(case when is_candidate and is_delivered then 1 else 0 end) over (
            partition by request_id, step_word
        ) = 1 as has_delivered,
        row_number() over (
            partition by request_id, step_word, is_candidate, is_delivered
            order by attempt_number asc nulls last, requested_at asc nulls last, call_id asc nulls last
        ) as attempt_rank,
        row_number() over (
            partition by request_id, step_word, is_candidate, is_delivered
            order by attempt_number desc nulls last, requested_at desc nulls last, call_id desc nulls last
        ) as reverse_attempt_rank
    from merged

),

final as (

    select
        _load_id,
        _source_row,
        call_id,
        {% for column in attribution_columns() -%}
        {{ column }},
        {% endfor -%}
        is_candidate
        and (
            (is_delivered and attempt_rank = 1)
            or (not has_delivered and reverse_attempt_rank = 1)
        ) as is_representative,
        max(case when is_candidate and is_delivered and attempt_rank = 1 then usage_date end) over (
            partition by request_id, step_word, is_candidate
        ) as delivered_date
    from ranked

)

select * from final
