-- Calls as the Helicone proxy recorded them, every landed version, tokens in disjoint buckets.
-- Grain: one row per landed row (_load_id, _source_row).
-- Without a total, prompt_tokens leaves out cache reads and audio but, outside Anthropic, holds the cache writes, and
-- completion_tokens leaves out the reasoning; the exports that state a total may mean otherwise, and the total decides.
with

source as (

    select * from {{ source('raw', 'helicone_requests') }}

),

opened as (

    select
        *,
        {{ json_map('properties') }} as properties_map,
        lower(trim(coalesce(provider, ''))) as seller,
        lower(model) like '%claude%' as is_claude,
        coalesce(cache_reference_id, '') not in ('', '00000000-0000-0000-0000-000000000000') as is_response_cache_hit,
        case
            when status between 200 and 299 or status is null then 'success'
            when status in (408, 504, 524) then 'timeout'
            when status = 499 or status < 0 then 'cancelled'
            else 'error'
        end as call_status,
        coalesce(prompt_tokens, 0) as stated_input,
        coalesce(completion_tokens, 0) as stated_output,
        total_tokens as stated_total,
        coalesce(prompt_cache_read_tokens, 0) as stated_cache_read,
        coalesce(prompt_cache_write_tokens, 0) as stated_cache_write_5m,
        cast(0 as bigint) as stated_cache_write_1h,
        coalesce(prompt_audio_tokens, 0) as stated_input_audio,
        coalesce(reasoning_tokens, 0) as stated_reasoning,
        'helicone' as default_semantics,
        lower(model) like '%gemini%' or lower(model) like '%gemma%' as is_google_model
    from source

),

settled as (

    -- A total that holds all but the writes is Helicone's own way: they are in the prompt.
    select
        *,
        case
            when {{ token_semantics() }} in ('reasoning_beside', 'unexplained')
                and stated_input + stated_output + stated_cache_read + stated_reasoning + stated_input_audio
                = stated_total
                then 'helicone'
            else {{ token_semantics() }}
        end as token_semantics
    from opened

),

renamed as (

    select

        ---------- ids
        request_id as base_call_id,
        request_id,
        response_id as provider_response_id,
        {% if var('user_id_is_customer') %}user_id{% else %}cast(null as string){% endif %} as logged_customer_id,
        user_id,
        {{ map_text('properties_map', ['Helicone-Session-Id', 'helicone-session-id']) }} as workflow_run_id,

        ---------- strings
        seller as provider,
        coalesce(model, '') as model,
        'standard' as service_tier,
        {{ call_type_by_word('request_path', {
            'embeddings': 'embedding', 'rerank': 'rerank', 'moderations': 'moderation', 'images': 'image',
            'audio': 'audio'
        }) }} as call_type,
        call_status as status,
        {{ map_text('properties_map', ['Helicone-Session-Name', 'helicone-session-name']) }} as workflow,
        nullif(split_part(
            trim(trailing '/' from {{ map_text('properties_map', ['Helicone-Session-Path', 'helicone-session-path']) }}),
            '/', -1
        ), '') as step,
        case
            when prompt_id <> '' then prompt_id || coalesce(':' || nullif(prompt_version, ''), '')
            else nullif(prompt_version, '')
        end as prompt_version,
        case when token_semantics = 'helicone' then 'disjoint' else token_semantics end as token_semantics,

        ---------- attribution keys
        {{ json_entries('properties') }} as attributes,

        ---------- tokens
        case
            when token_semantics = 'helicone'
                then stated_input + stated_input_audio - case when is_claude then 0 else stated_cache_write_5m end
            else {{ settled_tokens('uncached_input') }}
        end as uncached_input_tokens,
        stated_cache_read as cache_read_tokens,
        stated_cache_write_5m as cache_write_5m_tokens,
        case
            when token_semantics = 'helicone' then stated_output + stated_reasoning
            else {{ settled_tokens('output') }}
        end as output_tokens,
        {{ settled_tokens('reasoning') }} as reasoning_tokens,
        stated_input_audio as input_audio_tokens,
        coalesce(completion_audio_tokens, 0) as output_audio_tokens,

        ---------- quantities
        latency as latency_ms,

        ---------- money, as Helicone believed it: a whole number, or dollars in the export
        {{ money("coalesce(cost_usd, " ~ ratio('cost', var('helicone_cost_scale')) ~ ")") }} as logged_cost_usd,

        ---------- flags
        is_response_cache_hit,
        stated_cache_write_5m > 0 as has_assumed_ttl,
        call_status = 'success' and prompt_tokens is null and completion_tokens is null as has_unknown_tokens,

        ---------- times
        request_created_at as requested_at,
        updated_at,

        ---------- landing
        'helicone_requests' as source_name,
        _load_id,
        _source_row

    from settled

),

final as (

    select
        *,
        case
            -- Health checks and rows passed through. What has tokens costs, though nobody knows the price.
            when model = '' and uncached_input_tokens + cache_read_tokens + cache_write_5m_tokens + output_tokens = 0
                then 'no_model'
            when {{ has_negative_remainder() }} then 'negative_remainder'
        end as skip_reason
    from renamed

)

select * from final
