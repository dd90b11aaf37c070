-- What the prompt cache saved or lost on each cacheable prefix.
-- Grain: one row per period_start_date (Monday), feature and prefix_hash.
with

cached_calls as (

    select
        *,
        cast({{ dbt.date_trunc('week', 'usage_date') }} as date) as period_start_date
    from {{ ref('int_calls_cache_priced') }}
    where
        not is_response_cache_hit
        and prefix_hash is not null

),

final as (

    select
        period_start_date,
        feature,
        prefix_hash,
        count(*) as call_count,
        {{ cost_sum('prompt_cache_cost_usd') }} as prompt_cache_cost_usd,
        {{ cost_sum('prompt_cache_saving_usd') }} as prompt_cache_saving_usd
    from cached_calls
    group by
        period_start_date,
        feature,
        prefix_hash

)

select * from final
