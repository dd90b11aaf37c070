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
        {{ cost_sum(cost_components('calls') | join(' + ')) }} as priced_cost_usd,
        {% for cost in shared_cost_components() -%}
        {{ cost_sum(cost) }} as {{ cost }},
        {% endfor -%}
        {{ cost_sum('ai_cost_usd') }} as ai_cost_usd
    from usage_daily
    group by
        usage_date,
        customer_id,
        resolved_provider,
        model

)

select * from final
