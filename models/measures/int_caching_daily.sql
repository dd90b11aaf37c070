-- What the two caches saved or cost each day. Internal use is in here.
-- Grain: one row per usage_date, customer_id, feature, prefix_hash (null without one) and is_response_cache_hit.
{{ config(**touched_days_config('int_measured_days_touched')) }}
with

calls as (

    select * from {{ ref('int_calls_cache_priced') }}
    {{ where_touched('int_measured_days_touched') }}

),

final as (

    select
        usage_date,
        customer_id,
        feature,
        prefix_hash,
        is_response_cache_hit,
        count(*) as call_count,
        count(*) filter (where is_response_cache_hit and avoided_cost_usd is null) as unpriced_hit_count,
        -- What a call without a known price saved is not known.
        count(prompt_cache_saving_usd) filter (where not is_response_cache_hit) as known_saving_count,
        {{ cost_sum('avoided_cost_usd') }} as avoided_cost_usd,
        {{ cost_sum('prompt_cache_cost_usd', 'not is_response_cache_hit') }} as prompt_cache_cost_usd,
        {{ cost_sum('prompt_cache_saving_usd') }} as prompt_cache_saving_usd
    from calls
    group by
        usage_date,
        customer_id,
        feature,
        prefix_hash,
        is_response_cache_hit

)

select * from final
