-- The newest version of every call, under its final id, with what any source says it was for, and whether it stands for
-- its request.
-- Grain: one row per call_id.
with

events as (

    select * from {{ ref('int_calls_to_build') }}

),

repeated as (

    select * from {{ ref('int_calls_repeated') }}

),

represented as (

    select * from {{ ref('int_requests_represented') }}

),

final as (

    -- A row of no other table repeats nothing: it is its call.
    select
        coalesce(represented.call_id, events.base_call_id) as call_id,
        coalesce(represented.is_representative, true) as is_representative,
        case
            when represented.call_id is not null then represented.delivered_date
            when {{ is_inference_type('events.call_type') }} and events.status = 'success' then events.usage_date
        end as delivered_date,
        events.base_call_id,
        events.has_default_call_id,
        events.request_id,
        events.provider_response_id,
        coalesce(represented.workflow_run_id, events.workflow_run_id) as workflow_run_id,
        coalesce(represented.logged_customer_id, events.logged_customer_id) as logged_customer_id,
        coalesce(represented.workspace_id, events.workspace_id) as workspace_id,
        coalesce(represented.user_id, events.user_id) as user_id,
        events.provider,
        events.model,
        events.service_tier,
        events.call_type,
        events.status,
        {% for dimension in var('logged_dimensions') -%}
        coalesce(represented.{{ dimension }}, events.{{ dimension }}) as {{ dimension }},
        {% endfor -%}
        coalesce(represented.logged_use_case, events.logged_use_case) as logged_use_case,
        events.prompt_hash,
        events.prefix_hash,
        events.prompt_version,
        events.uncached_input_tokens,
        events.cache_read_tokens,
        events.cache_write_5m_tokens,
        events.cache_write_1h_tokens,
        events.output_tokens,
        events.reasoning_tokens,
        events.input_audio_tokens,
        events.input_image_tokens,
        events.cache_audio_read_tokens,
        events.output_audio_tokens,
        events.output_image_tokens,
        events.attempt_number,
        events.latency_ms,
        events.gpu_seconds,
        events.web_search_requests,
        events.logged_cost_usd,
        events.is_billed,
        events.is_response_cache_hit,
        coalesce(represented.is_internal, events.is_internal, false) as is_internal,
        events.has_assumed_ttl,
        events.has_unknown_tokens,
        events.requested_at,
        events.utc_date,
        events.usage_date,
        events.updated_at,
        events.source_name,
        events._load_id,
        events._source_row
    from events
    left join repeated
        on events._load_id = repeated._load_id
        and events._source_row = repeated._source_row
    left join represented
        on events._load_id = represented._load_id
        and events._source_row = represented._source_row
    where coalesce(repeated.is_in_force, true)

)

select * from final
