-- Calls as the LiteLLM proxy logged them, every landed version, tokens in disjoint buckets.
-- Grain: one row per landed row (_load_id, _source_row).
-- A cache hit has an id of its own and replays the tokens of the call it repeats; `user` is the proxy's own user, never
-- the customer. Cost, where LiteLLM logged 0 for a streamed call, is that of its breakdown.
with

source as (

    select * from {{ source('raw', 'litellm_spend_logs') }}

),

opened as (

    select
        *,
        {{ json_map('metadata') }} as metadata_map
    from source

),

detailed as (

    select
        *,
        {{ json_map("metadata_map['usage_object']") }} as usage_map,
        {{ json_map("metadata_map['cost_breakdown']") }} as breakdown_map,
        {{ json_map("metadata_map['model_map_information']") }} as model_map,
        {{ json_map("metadata_map['error_information']") }} as error_map
    from opened

),

split as (

    select
        *,
        {{ json_map("usage_map['prompt_tokens_details']") }} as prompt_map,
        {{ json_map("usage_map['completion_tokens_details']") }} as completion_map,
        {{ json_map("usage_map['server_tool_use']") }} as tools_map,
        coalesce(
            {{ json_map("prompt_map['cache_creation_token_details']") }},
            {{ json_map("usage_map['cache_creation']") }}
        ) as writes_map
    from detailed

),

stated as (

    select
        *,
        lower(trim(coalesce(custom_llm_provider, ''))) as provider,
        coalesce(cache_hit, false) or position('_cache_hit' in request_id) > 0 as is_response_cache_hit,
        lower(coalesce(status, {{ map_text('metadata_map', 'status') }}, 'success')) as logged_status,

        ---------- tokens as stated: LiteLLM's prompt holds reads and writes, its completion the reasoning
        coalesce(prompt_tokens, 0) as stated_input,
        coalesce(completion_tokens, 0) as stated_output,
        total_tokens as stated_total,
        'inclusive' as default_semantics,
        lower(model) like '%gemini%' or lower(model) like '%gemma%' as is_google_model,
        coalesce({{ map_tokens('prompt_map', 'cached_tokens') }}, {{ map_tokens('usage_map', 'cache_read_input_tokens') }}, 0)
            as stated_cache_read,
        coalesce({{ map_tokens('writes_map', 'ephemeral_5m_input_tokens') }}, 0) as split_cache_write_5m,
        coalesce({{ map_tokens('writes_map', 'ephemeral_1h_input_tokens') }}, 0) as stated_cache_write_1h,
        coalesce(
            {{ map_tokens('usage_map', 'cache_creation_input_tokens') }},
            {{ map_tokens('prompt_map', 'cache_creation_tokens') }},
            0
        ) as unsplit_cache_write,
        coalesce({{ map_tokens('completion_map', 'reasoning_tokens') }}, 0) as stated_reasoning
    from split

),

classified as (

    select
        *,
        split_cache_write_5m + stated_cache_write_1h = 0 and unsplit_cache_write > 0 as has_assumed_ttl,
        case
            when split_cache_write_5m + stated_cache_write_1h = 0 then unsplit_cache_write
            else split_cache_write_5m
        end as stated_cache_write_5m,
        case
            when logged_status <> 'failure' then 'success'
            when lower({{ map_text('error_map', 'error_class') }}) like '%timeout%' then 'timeout'
            else 'error'
        end as call_status,
        case
            when lower(call_type) like '%embedding%' then 'embedding'
            when lower(call_type) like '%rerank%' then 'rerank'
            when lower(call_type) like '%moderation%' then 'moderation'
            when lower(call_type) like '%image%' then 'image'
            when lower(call_type) like '%transcription%' or lower(call_type) like '%speech%' then 'audio'
            else 'generation'
        end as kind_of_call,
        case
            when lower(call_type) like '%batch%' or lower(model) like '%batch%' then 'batch'
            when lower({{ map_text('breakdown_map', 'service_tier') }}) in ('default', 'auto') then 'standard'
            else coalesce(lower({{ map_text('breakdown_map', 'service_tier') }}), 'standard')
        end as served_tier
    from stated

),

settled as (

    select
        *,
        {{ token_semantics() }} as token_semantics
    from classified

),

renamed as (

    select

        ---------- ids
        request_id as base_call_id,
        request_id,
        case
            when is_response_cache_hit then null
            when length(request_id) = 32 and translate(request_id, '0123456789abcdef', '') = '' then null
            else request_id
        end as provider_response_id,
        nullif(session_id, '') as context_id,
        cast(null as string) as parent_call_id,
        nullif(end_user, '') as logged_customer_id,
        cast(null as string) as user_id,
        cast(null as string) as workflow_run_id,

        ---------- strings
        provider,
        case
            when provider = 'azure' then coalesce({{ map_text('model_map', 'model_map_key') }}, model)
            else model
        end as model,
        served_tier as service_tier,
        kind_of_call as call_type,
        call_status as status,
        coalesce({{ map_text('metadata_map', 'user_api_key_team_alias') }}, nullif(team_id, '')) as team,
        cast(null as string) as workflow,
        cast(null as string) as step,
        cast(null as string) as environment,
        cast(null as string) as prompt_version,
        token_semantics,

        ---------- attribution keys, in the order they are asked
        {{ json_entries("metadata_map['spend_logs_metadata']") }} as attributes,
        {{ tag_entries('request_tags') }} as tag_attributes,

        ---------- tokens
        {{ settled_tokens('uncached_input') }} as uncached_input_tokens,
        stated_cache_read as cache_read_tokens,
        stated_cache_write_5m as cache_write_5m_tokens,
        stated_cache_write_1h as cache_write_1h_tokens,
        {{ settled_tokens('output') }} as output_tokens,
        {{ settled_tokens('reasoning') }} as reasoning_tokens,
        coalesce({{ map_tokens('prompt_map', 'audio_tokens') }}, 0) as input_audio_tokens,
        coalesce({{ map_tokens('completion_map', 'audio_tokens') }}, 0) as output_audio_tokens,

        ---------- quantities
        coalesce({{ map_tokens('metadata_map', 'attempted_retries') }}, 0) + 1 as attempt_number,
        coalesce(request_duration_ms, {{ dbt.datediff('start_time', 'end_time', 'millisecond') }}) as latency_ms,
        coalesce({{ map_tokens('tools_map', 'web_search_requests') }}, 0) as web_search_requests,

        ---------- money, as LiteLLM believed it
        {{ money(
            "case when spend = 0 and stated_input + stated_output > 0 and not is_response_cache_hit then coalesce(try_cast("
            ~ map_text('breakdown_map', 'total_cost') ~ " as decimal(28, 12)), spend) else spend end"
        ) }} as logged_cost_usd,

        ---------- flags
        {{ is_billed_by_default('call_status', 'provider') }} as is_billed,
        is_response_cache_hit,
        has_assumed_ttl,
        false as has_unknown_tokens,

        ---------- times
        start_time as requested_at,
        end_time as updated_at,

        ---------- landing
        'litellm_spend_logs' as source_name,
        _load_id,
        _source_row

    from settled

),

final as (

    select
        *,
        cast(requested_at as date) as utc_date,
        cast({{ in_reporting_timezone('requested_at') }} as date) as usage_date,
        case
            when uncached_input_tokens < 0 or reasoning_tokens > output_tokens then 'negative_remainder'
            when
                uncached_input_tokens + cache_read_tokens + cache_write_5m_tokens + cache_write_1h_tokens
                + output_tokens = 0
                and coalesce(logged_cost_usd, 0) = 0
                and status = 'success'
                and not is_response_cache_hit
                and {{ is_inference_type('call_type') }}
                then 'no_usage'
        end as skip_reason
    from renamed

)

select * from final
