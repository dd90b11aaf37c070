-- What was used and what it cost, by day and everything a cost can be asked by. All measures are additive.
-- Grain: one row per usage_date, customer_id, product_id, team, feature, use_case, workflow, step, call_type,
-- provider, model, resolved_provider, resolved_model, model_tier, service_tier and context_tier.
-- Tokens, cost and prompt efficiency count calls that a provider answered; what a response-cache hit replays stands
-- in replayed_tokens alone. Internal use is in here: metrics leave it out (int_usage_by_dimension_daily).
-- depends_on: {{ ref('int_days_touched') }}
{{ config(
    materialized='incremental',
    on_schema_change='fail',
    pre_hook="{{ delete_touched_days() }}",
    **touched_days_config()
) }}
with

calls as (

    select * from {{ ref('fct_inference_calls') }}
    {% if is_incremental() %}
    where usage_date in (select days.usage_date from {{ ref('int_days_touched') }} as days)
    {% endif %}

),

classified as (

    select
        *,
        {{ is_inference_type('call_type') }} as is_inference_type,
        is_successful and not is_response_cache_hit as is_served,
        -- What a provider answered and what stands for nothing: failures, retries, second successes.
        {{ is_inference_type('call_type') }} and not is_successful and not is_response_cache_hit as is_unproductive,
        uncached_input_tokens + cache_read_tokens + cache_write_5m_tokens + cache_write_1h_tokens as input_tokens,
        {{ is_inference_type('call_type') }} or call_type = 'moderation' as is_llm_call
    from calls

),

final as (

    select
        usage_date,
        customer_id,
        product_id,
        team,
        feature,
        use_case,
        workflow,
        step,
        call_type,
        provider,
        model,
        resolved_provider,
        resolved_model,
        model_tier,
        service_tier,
        context_tier,

        count(*) as call_count,
        count(*) filter (where is_inference_type) as attempt_count,
        count(*) filter (where is_inference) as inference_count,
        count(*) filter (where is_successful) as successful_inference_count,
        count(*) filter (where is_served) as served_inference_count,
        count(*) filter (where is_response_cache_hit) as response_cache_hit_count,
        count(*) filter (where pricing_status = 'unpriced') as unpriced_call_count,
        count(*) filter (where has_price_fallback) as price_fallback_call_count,

        {% for bucket in token_buckets() -%}
        {{ token_sum(bucket, 'not is_response_cache_hit') }} as {{ bucket }},
        {% endfor -%}
        {{ token_sum('input_tokens + output_tokens', 'is_response_cache_hit') }} as replayed_tokens,
        {{ token_sum('input_tokens', 'is_served') }} as productive_input_tokens,
        {{ token_sum('output_tokens', 'is_served') }} as productive_output_tokens,
        {{ token_sum('reasoning_tokens', 'is_served') }} as productive_reasoning_tokens,
        {{ token_sum('input_tokens + output_tokens', 'is_served') }} as productive_tokens,
        {{ token_sum('input_tokens + output_tokens', 'is_unproductive') }} as unproductive_tokens,

        {{ cost_sum('computed_cost_usd', 'is_served') }} as productive_cost_usd,
        {{ cost_sum('computed_cost_usd', 'is_unproductive') }} as unproductive_cost_usd,
        {{ cost_sum('list_cost_usd') }} as list_cost_usd,
        {{ cost_sum('computed_cost_usd') }} as computed_cost_usd,
        {{ cost_sum('uncached_input_cost_usd') }} as uncached_input_cost_usd,
        {{ cost_sum('cache_read_cost_usd') }} as cache_read_cost_usd,
        {{ cost_sum('cache_write_cost_usd') }} as cache_write_cost_usd,
        {{ cost_sum('output_cost_usd') }} as output_cost_usd,
        {{ cost_sum('request_fee_usd') }} as request_fee_usd,

        -- Effective cost by component. Bills are not allocated yet: effective is computed.
        {{ cost_sum('uncached_input_cost_usd + output_cost_usd + request_fee_usd', 'is_llm_call') }}
            as llm_api_cost_usd,
        {{ cost_sum('cache_read_cost_usd + cache_write_cost_usd', 'is_llm_call') }} as prompt_cache_cost_usd,
        {{ cost_sum('computed_cost_usd', 'not is_llm_call') }} as embedding_cost_usd,
        {{ cost_sum('computed_cost_usd') }} as inference_cost_usd,
        {{ cost_sum('computed_cost_usd') }} as ai_cost_usd
    from classified
    group by
        usage_date,
        customer_id,
        product_id,
        team,
        feature,
        use_case,
        workflow,
        step,
        call_type,
        provider,
        model,
        resolved_provider,
        resolved_model,
        model_tier,
        service_tier,
        context_tier

)

select * from final
