-- Calls as the application logged them: every landed version, tokens in disjoint buckets.
-- Grain: one row per landed row (_load_id, _source_row). Not one per call: int_calls_versioned picks the newest.
with

source as (

    select * from {{ source('raw', 'inference_events') }}

),

renamed as (

    select

        ---------- ids
        coalesce(
            call_id,
            provider_response_id,
            request_id
            || case when lower(trim(call_type)) = 'generation' then '' else ':' || lower(trim(call_type)) end
            || case when attempt > 1 then ':' || cast(attempt as string) else '' end
        ) as base_call_id,
        call_id is null and provider_response_id is null as has_default_call_id,
        request_id,
        provider_response_id,
        workflow_run_id,
        customer_id as logged_customer_id,
        workspace_id,
        user_id,

        ---------- strings
        lower(trim(coalesce(provider, ''))) as provider,
        model,
        lower(trim(service_tier)) as service_tier,
        lower(trim(call_type)) as call_type,
        status,
        {% for dimension in var('logged_dimensions') -%}
        {{ dimension }},
        {% endfor -%}
        use_case as logged_use_case,
        prompt_hash,
        prefix_hash,
        prompt_version,

        ---------- tokens: uncached input, cache read and writes and output are disjoint, the rest are parts of them
        case
            when token_semantics = 'disjoint' then input_tokens
            else
                input_tokens
                - coalesce(cached_input_tokens, 0)
                - coalesce(cache_write_tokens, 0)
                - coalesce(cache_write_1h_tokens, 0)
        end as uncached_input_tokens,
        coalesce(cached_input_tokens, 0) as cache_read_tokens,
        coalesce(cache_write_tokens, 0) as cache_write_5m_tokens,
        coalesce(cache_write_1h_tokens, 0) as cache_write_1h_tokens,
        output_tokens,
        coalesce(reasoning_tokens, 0) as reasoning_tokens,
        coalesce(input_audio_tokens, 0) as input_audio_tokens,
        coalesce(input_image_tokens, 0) as input_image_tokens,
        coalesce(cache_audio_read_tokens, 0) as cache_audio_read_tokens,
        coalesce(output_audio_tokens, 0) as output_audio_tokens,
        coalesce(output_image_tokens, 0) as output_image_tokens,

        ---------- quantities
        attempt as attempt_number,
        latency_ms,
        gpu_seconds,
        coalesce(web_search_requests, 0) as web_search_requests,

        ---------- money, as the application believed it
        {{ money('cost_usd') }} as logged_cost_usd,

        ---------- flags
        is_billed,
        coalesce(cache_hit, false) as is_response_cache_hit,
        -- Null where the log names no environment: another source of the same call may.
        lower(trim(environment)) <> lower('{{ var("production_environment") }}') as is_internal,
        -- The canonical format states both lifetimes of cache writes.
        false as has_assumed_ttl,
        false as has_unknown_tokens,

        ---------- times
        timestamp as requested_at,
        cast(timestamp as date) as utc_date,
        cast({{ in_reporting_timezone('timestamp') }} as date) as usage_date,
        updated_at,

        ---------- landing
        'inference_events' as source_name,
        _load_id,
        _source_row

    from source

)

select * from renamed
