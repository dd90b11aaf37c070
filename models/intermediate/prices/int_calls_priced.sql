-- Every call, with what it was for and what it cost.
-- Grain: one row per call_id. Calls are attempts: count inferences by is_inference, never by rows.
-- Incremental by touched day: the days of int_days_touched are deleted and written again.
{{ config(**touched_days_config('int_days_touched')) }}
with

calls as (

    select * from {{ ref('int_calls_costed') }}

),

final as (

    select
        calls.call_id,
        calls.request_id,
        calls.workflow_run_id,
        calls.requested_at,
        calls.usage_date,
        calls.utc_date,
        calls.customer_id,
        calls.user_id,
        {% for dimension in var('logged_dimensions') -%}
        {{ dimension_word('calls.' ~ dimension) }} as {{ dimension }},
        {% endfor -%}
        {{ dimension_word('calls.use_case') }} as use_case,
        {{ dimension_word('calls.call_type') }} as call_type,
        {{ dimension_word("coalesce(nullif(calls.provider, ''), calls.resolved_provider)") }} as provider,
        {{ dimension_word('calls.model') }} as model,
        {{ dimension_word('calls.resolved_model') }} as resolved_model,
        {{ dimension_word('calls.resolved_provider') }} as resolved_provider,
        coalesce(calls.model_tier, 'unattributed') as model_tier,
        calls.service_tier,
        calls.context_tier,
        calls.status,

        calls.is_inference_type and calls.is_representative as is_inference,
        calls.is_inference_type and calls.is_representative and calls.status = 'success'
            as is_successful,
        calls.delivered_date,
        calls.is_response_cache_hit,
        calls.attempt_number,
        calls.uncached_input_tokens,
        calls.cache_read_tokens,
        calls.cache_write_5m_tokens,
        calls.cache_write_1h_tokens,
        calls.output_tokens,
        calls.reasoning_tokens,
        calls.gpu_seconds,
        calls.latency_ms,

        {{ cost_by_status('calls.uncached_input_cost_usd', 'calls.pricing_status') }} as uncached_input_cost_usd,
        {{ cost_by_status('calls.cache_read_cost_usd', 'calls.pricing_status') }} as cache_read_cost_usd,
        {{ cost_by_status('calls.cache_write_cost_usd', 'calls.pricing_status') }} as cache_write_cost_usd,
        {{ cost_by_status('calls.output_cost_usd', 'calls.pricing_status') }} as output_cost_usd,
        {{ cost_by_status('calls.request_fee_usd', 'calls.pricing_status') }} as request_fee_usd,
        {{ cost_by_status('calls.list_cost_usd', 'calls.pricing_status') }} as list_cost_usd,
        {{ cost_by_status('calls.computed_cost_usd', 'calls.pricing_status') }} as computed_cost_usd,
        calls.logged_cost_usd,
        calls.pricing_status,
        coalesce(calls.pricing_status in ('priced', 'overridden') and calls.uses_price_fallback, false)
            as has_price_fallback,
        calls.has_assumed_ttl,
        calls.prompt_hash,
        calls.prefix_hash,
        calls.prompt_version,
        calls.source_name
    from calls
    {{ where_touched('int_days_touched', 'calls.usage_date') }}

)

select * from final
