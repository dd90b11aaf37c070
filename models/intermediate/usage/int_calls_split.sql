-- Calls with what usage and bills ask of each: which kind it is, its computed cost split by component, and its driver
-- of every shared bill.
-- Grain: one row per call_id. A view: a few comparisons beside the columns of int_calls_priced.
with

calls as (

    select * from {{ ref('int_calls_priced') }}

),

classified as (

    select
        *,
        {{ is_inference_type('call_type') }} as is_inference_type,
        {{ is_llm_call('call_type') }} as is_llm_call,
        is_successful and not is_response_cache_hit as is_served,
        -- What a provider answered and what stands for nothing: failures, retries, second successes.
        {{ is_inference_type('call_type') }} and not is_successful and not is_response_cache_hit as is_unproductive,
        uncached_input_tokens + cache_read_tokens + cache_write_5m_tokens + cache_write_1h_tokens as input_tokens
    from calls

),

final as (

    select
        *,
        -- Computed cost by component (decisions.md, Cost components); 0 where it belongs to another one or has no
        -- price.
        {{ money(
            'case when is_llm_call then coalesce(uncached_input_cost_usd + output_cost_usd + request_fee_usd, 0) else 0 end'
        ) }} as computed_llm_api_cost_usd,
        {{ money('case when is_llm_call then coalesce(cache_read_cost_usd + cache_write_cost_usd, 0) else 0 end') }}
            as computed_prompt_cache_cost_usd,
        {{ money('case when is_llm_call then 0 else coalesce(computed_cost_usd, 0) end') }}
            as computed_embedding_cost_usd,

        -- What shared bills are divided by; response-cache hits used nothing of them.
        case when is_response_cache_hit then 0 else coalesce(gpu_seconds, 0) end as driver_gpu_seconds,
        case when is_response_cache_hit then 0 else input_tokens + output_tokens end as driver_tokens,
        case when is_response_cache_hit then 0 else 1 end as driver_calls,
        case when call_type = 'retrieval' and not is_response_cache_hit then 1 else 0 end as driver_retrievals,
        case when is_served then 1 else 0 end as driver_inferences
    from classified

)

select * from final
