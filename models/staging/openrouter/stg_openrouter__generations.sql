-- Calls as OpenRouter recorded them, every landed version, tokens in disjoint buckets.
-- Grain: one row per landed row (_load_id, _source_row). One generation is one logical request: fallbacks inside
-- provider_responses are no calls of ours.
-- Native tokens alone are billed; tokens_prompt and tokens_completion are normalised.
with

source as (

    select * from {{ source('raw', 'openrouter_generations') }}

),

renamed as (

    select

        ---------- ids
        id as base_call_id,
        id as request_id,
        upstream_id as provider_response_id,
        external_user as logged_customer_id,

        ---------- strings: under a key of our own the upstream provider's bill is the bill
        case
            when is_byok and trim(provider_name) <> '' then lower(trim(provider_name))
            else 'openrouter'
        end as provider,
        model,
        case
            when lower(trim(service_tier)) in ('default', 'auto', '') then 'standard'
            else coalesce(lower(trim(service_tier)), 'standard')
        end as service_tier,
        case when lower(api_type) like '%embedding%' then 'embedding' else 'generation' end as call_type,
        case
            when cancelled then 'cancelled'
            when lower(finish_reason) = 'error' then 'error'
            else 'success'
        end as status,

        ---------- tokens
        native_tokens_prompt - coalesce(native_tokens_cached, 0) as uncached_input_tokens,
        coalesce(native_tokens_cached, 0) as cache_read_tokens,
        native_tokens_completion as output_tokens,
        coalesce(native_tokens_reasoning, 0) as reasoning_tokens,

        ---------- quantities
        coalesce(latency, generation_time) as latency_ms,
        cast(case when num_search_results > 0 then 1 else 0 end as bigint) as web_search_requests,

        ---------- money, as OpenRouter charged it
        {{ money(
            'coalesce(total_cost, usage)'
            ~ ' + case when is_byok then coalesce(upstream_inference_cost, 0) else 0 end'
        ) }} as logged_cost_usd,

        ---------- times
        created_at as requested_at,

        ---------- landing
        'openrouter_generations' as source_name,
        _load_id,
        _source_row

    from source

),

final as (

    select
        *,
        case
            when {{ has_negative_remainder() }} then 'negative_remainder'
        end as skip_reason
    from renamed

)

select * from final
