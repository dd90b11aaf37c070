-- What the prompt cache saved or lost on each cacheable prefix.
-- Grain: one row per period_start_date (Monday), feature and prefix_hash.
with

caching as (

    select
        caching.*,
        cast({{ dbt.date_trunc('week', 'caching.usage_date') }} as date) as period_start_date
    from {{ ref('int_caching_daily') }} as caching
    inner join {{ ref('dim_customers') }} as customers
        on caching.customer_id = customers.customer_id
    where
        not customers.is_internal
        and not caching.is_response_cache_hit
        and caching.prefix_hash is not null

),

final as (

    select
        period_start_date,
        feature,
        prefix_hash,
        {{ token_sum('call_count') }} as call_count,
        {{ cost_sum('prompt_cache_cost_usd') }} as prompt_cache_cost_usd,
        {{ cost_sum('prompt_cache_saving_usd') }} as prompt_cache_saving_usd
    from caching
    group by
        period_start_date,
        feature,
        prefix_hash

)

select * from final
