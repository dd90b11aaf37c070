-- What was used, and its computed cost, by day and everything a cost can be asked by; bills do not count yet.
-- Grain: one row per usage_date, utc_date and the dimensions of a usage row.
-- Bills and prices look at a call's UTC date, everything else at its usage_date: both are kept apart here.
{{ config(**touched_days_config('int_days_touched')) }}
{% set is_billed = "pricing_status not in ('not_billed', 'response_cache_hit')" %}
{% set is_paid = is_billed ~ ' and computed_cost_usd is not null' %}
with

calls as (

    select * from {{ ref('int_calls_split') }}
    {{ where_touched('int_days_touched') }}

),

final as (

    select
        usage_date,
        utc_date,
        {% for dimension in usage_row_dimensions() -%}
        {{ dimension }},
        {% endfor %}
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
        {{ token_sum('uncached_input_tokens', 'is_served') }} as productive_uncached_input_tokens,
        {{ token_sum('cache_read_tokens', 'is_served') }} as productive_cache_read_tokens,
        {{ token_sum('cache_write_5m_tokens + cache_write_1h_tokens', 'is_served') }} as productive_cache_write_tokens,
        {{ token_sum('output_tokens', 'is_served') }} as productive_output_tokens,
        {{ token_sum('reasoning_tokens', 'is_served') }} as productive_reasoning_tokens,
        {{ token_sum('input_tokens + output_tokens', 'is_served') }} as productive_tokens,
        {{ token_sum('input_tokens + output_tokens', 'is_unproductive') }} as unproductive_tokens,
        -- Billed, whatever became of them: neither failures that nobody charged for nor response-cache hits.
        count(*) filter (where {{ is_billed }}) as billed_call_count,
        {% for bucket in token_buckets() -%}
        {{ token_sum(bucket, is_billed) }} as billed_{{ bucket }},
        {% endfor -%}
        -- Billed at a price: what computed cost was paid for.
        count(*) filter (where {{ is_paid }}) as paid_call_count,
        {{ token_sum('uncached_input_tokens', is_paid) }} as paid_uncached_input_tokens,
        {{ token_sum('cache_read_tokens', is_paid) }} as paid_cache_read_tokens,
        {{ token_sum('cache_write_5m_tokens + cache_write_1h_tokens', is_paid) }} as paid_cache_write_tokens,
        {{ token_sum('output_tokens', is_paid) }} as paid_output_tokens,

        {{ cost_sum('computed_cost_usd', 'is_served') }} as productive_cost_usd,
        {{ cost_sum('uncached_input_cost_usd', 'is_served') }} as productive_uncached_input_cost_usd,
        {{ cost_sum('cache_read_cost_usd', 'is_served') }} as productive_cache_read_cost_usd,
        {{ cost_sum('cache_write_cost_usd', 'is_served') }} as productive_cache_write_cost_usd,
        {{ cost_sum('output_cost_usd', 'is_served') }} as productive_output_cost_usd,
        {{ cost_sum('computed_cost_usd', 'is_unproductive') }} as unproductive_cost_usd,
        {{ cost_sum('list_cost_usd') }} as list_cost_usd,
        {{ cost_sum('computed_cost_usd') }} as computed_cost_usd,
        {{ cost_sum('uncached_input_cost_usd') }} as uncached_input_cost_usd,
        {{ cost_sum('cache_read_cost_usd') }} as cache_read_cost_usd,
        {{ cost_sum('cache_write_cost_usd') }} as cache_write_cost_usd,
        {{ cost_sum('output_cost_usd') }} as output_cost_usd,
        {{ cost_sum('request_fee_usd') }} as request_fee_usd,

        {% for component in cost_components('calls') -%}
        {{ cost_sum('computed_' ~ component) }} as computed_{{ component }},
        {% endfor %}
        cast(sum(driver_gpu_seconds) as decimal(28, 6)) as driver_gpu_seconds,
        cast(sum(driver_tokens) as bigint) as driver_tokens,
        cast(sum(driver_calls) as bigint) as driver_calls,
        cast(sum(driver_retrievals) as bigint) as driver_retrievals,
        cast(sum(driver_inferences) as bigint) as driver_inferences
    from calls
    group by
        usage_date,
        utc_date,
        {{ usage_row_dimensions() | join(',\n        ') }}

)

select * from final
