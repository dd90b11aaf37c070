-- The seam for calls: every landed row of every source of calls, in the same columns; all else reads calls from here.
-- Grain: one row per landed row (_load_id, _source_row). Not one per call: int_calls_versioned picks the newest.
-- Logs of other programs come in by int_native_calls_read, which says what each of them lacks.
{% set sources = ['stg_canonical__inference_events', 'int_native_calls_named'] %}
with

final as (

    {% for source in sources -%}
    select
        base_call_id,
        has_default_call_id,
        request_id,
        provider_response_id,
        workflow_run_id,
        logged_customer_id,
        workspace_id,
        user_id,
        provider,
        model,
        service_tier,
        call_type,
        status,
        {% for dimension in var('logged_dimensions') -%}
        {{ dimension }},
        {% endfor -%}
        logged_use_case,
        prompt_hash,
        prefix_hash,
        prompt_version,
        uncached_input_tokens,
        cache_read_tokens,
        cache_write_5m_tokens,
        cache_write_1h_tokens,
        output_tokens,
        reasoning_tokens,
        input_audio_tokens,
        input_image_tokens,
        cache_audio_read_tokens,
        output_audio_tokens,
        output_image_tokens,
        attempt_number,
        latency_ms,
        gpu_seconds,
        web_search_requests,
        logged_cost_usd,
        is_billed,
        is_response_cache_hit,
        is_internal,
        has_assumed_ttl,
        has_unknown_tokens,
        requested_at,
        utc_date,
        usage_date,
        updated_at,
        source_name,
        _load_id,
        _source_row
    from {{ ref(source) }}
    {% if not loop.last %}
    union all

    {% endif %}
    {%- endfor %}
)

select * from final
