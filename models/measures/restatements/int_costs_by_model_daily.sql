-- Cost by day, customer and model, in the parts that restatements are told by.
-- Grain: one row per usage_date, customer_id, resolved_provider and model (as logged).
with

usage_daily as (

    select * from {{ ref('fct_usage_daily') }}

),

final as (

    select
        usage_date,
        cast({{ dbt.date_trunc('month', 'usage_date') }} as date) as period_start_date,
        customer_id,
        resolved_provider,
        model,
        cast(sum(call_count) as bigint) as call_count,
        {{ token_sum(
            'uncached_input_tokens + cache_read_tokens + cache_write_5m_tokens + cache_write_1h_tokens'
            ~ ' + output_tokens + replayed_tokens'
        ) }} as token_count,
        {{ cost_sum('computed_cost_usd') }} as computed_cost_usd,
        {{ cost_sum('llm_api_cost_usd + prompt_cache_cost_usd + embedding_cost_usd') }} as priced_cost_usd,
        {{ cost_sum('gpu_compute_cost_usd') }} as gpu_compute_cost_usd,
        {{ cost_sum('vector_db_cost_usd') }} as vector_db_cost_usd,
        {{ cost_sum('other_ai_cost_usd') }} as other_ai_cost_usd,
        {{ cost_sum('fine_tuning_cost_usd') }} as fine_tuning_cost_usd,
        {{ cost_sum('ai_cost_usd') }} as ai_cost_usd
    from usage_daily
    group by
        usage_date,
        customer_id,
        resolved_provider,
        model

)

select * from final
