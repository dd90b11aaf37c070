-- Calls as the LiteLLM proxy logged them, every landed version, tokens in disjoint buckets.
-- Grain: one row per landed row (_load_id, _source_row).
-- A cache hit has an id of its own and replays the tokens of the call it repeats; `user` is the proxy's own user, never
-- the customer. Cost, where LiteLLM logged 0 for a streamed call, is that of its breakdown.
with

opened_0 as (

    select * from {{ source('raw', 'litellm_spend_logs') }}

),

{% for level in litellm_objects() %}
opened_{{ loop.index }} as (

    select
        *,
        {% for name, expression in level.items() -%}
        {{ expression }} as {{ name }}{{ ',' if not loop.last }}
        {% endfor %}
    from opened_{{ loop.index0 }}

),

{% endfor %}
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
            {{ map_tokens('usage_map', 'cache_creation_input_tokens') }}, {{ map_tokens('prompt_map', 'cache_creation_tokens') }}, 0
        ) as unsplit_cache_write,
        coalesce({{ map_tokens('completion_map', 'reasoning_tokens') }}, 0) as stated_reasoning,
        split_cache_write_5m + stated_cache_write_1h = 0 and unsplit_cache_write > 0 as has_assumed_ttl,
        case when split_cache_write_5m + stated_cache_write_1h = 0 then unsplit_cache_write else split_cache_write_5m end
            as stated_cache_write_5m
    from opened_{{ litellm_objects() | length }}

),

settled as (

    select
        *,
        {{ token_semantics() }} as token_semantics
    from stated

),

renamed as (

    select

        ---------- ids
        request_id as base_call_id,
        request_id,
        case
            when not is_response_cache_hit
                and not (length(request_id) = 32 and translate(request_id, '0123456789abcdef', '') = '') then request_id
        end as provider_response_id,
        nullif(session_id, '') as context_id,
        nullif(end_user, '') as logged_customer_id,

        ---------- strings
        provider,
        coalesce(case when provider like 'azure%' then {{ map_text('model_map', 'model_map_key') }} end, model) as model,
        case
            when lower(call_type) like '%batch%' or lower(model) like '%batch%' then 'batch'
            when lower({{ map_text('breakdown_map', 'service_tier') }}) in ('default', 'auto') then 'standard'
            else coalesce(lower({{ map_text('breakdown_map', 'service_tier') }}), 'standard')
        end as service_tier,
        {{ call_type_by_word('call_type', {
            'embedding': 'embedding', 'rerank': 'rerank', 'moderation': 'moderation', 'image': 'image',
            'transcription': 'audio', 'speech': 'audio'
        }) }} as call_type,
        case
            when logged_status <> 'failure' then 'success'
            when lower({{ map_text('error_map', 'error_class') }}) like '%timeout%' then 'timeout'
            else 'error'
        end as status,
        coalesce({{ map_text('metadata_map', 'user_api_key_team_alias') }}, nullif(team_id, '')) as team,
        token_semantics,

        ---------- attribution keys, in the order they are asked
        {{ json_entries("metadata_map['spend_logs_metadata']") }} as attributes,
        {{ tag_entries('request_tags') }} as tag_attributes,

        ---------- tokens
        {{ token_columns() }},
        coalesce({{ map_tokens('prompt_map', 'audio_tokens') }}, 0) as input_audio_tokens,
        coalesce({{ map_tokens('completion_map', 'audio_tokens') }}, 0) as output_audio_tokens,

        ---------- quantities
        coalesce({{ map_tokens('metadata_map', 'attempted_retries') }}, 0) + 1 as attempt_number,
        coalesce(request_duration_ms, {{ dbt.datediff('start_time', 'end_time', 'millisecond') }}) as latency_ms,
        coalesce({{ map_tokens('tools_map', 'web_search_requests') }}, 0) as web_search_requests,

        ---------- money, as LiteLLM believed it
        {{ money(
            "case when spend = 0 and stated_input + stated_output > 0 and not is_response_cache_hit"
            ~ " then coalesce(" ~ text_number(map_text('breakdown_map', 'total_cost'), 'decimal(28, 12)') ~ ", spend)"
            ~ " else spend end"
        ) }} as logged_cost_usd,

        ---------- flags
        is_response_cache_hit,
        has_assumed_ttl,

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
        case
            when {{ has_negative_remainder() }} then 'negative_remainder'
            -- Health checks and model listings; a rerank has no tokens and costs.
            when not {{ has_tokens() }} and coalesce(logged_cost_usd, 0) = 0 and status = 'success'
                and not is_response_cache_hit and {{ is_inference_type('call_type') }} then 'no_usage'
        end as skip_reason
    from renamed

)

select * from final
