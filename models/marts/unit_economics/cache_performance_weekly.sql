-- What the two caches do: the product's own, which answers instead of a provider, and the provider's, which makes a
-- repeated prompt cheaper.
-- Grain: one row per period_start_date (Monday) and feature.
-- A saving may be negative: writing to a prompt cache costs more than sending the tokens. decisions.md, Caching.
with

weeks as (

    select
        cast({{ dbt.date_trunc('week', 'usage_daily.usage_date') }} as date) as period_start_date,
        usage_daily.feature,
        {{ token_sum('successful_inference_count') }} as successful_inference_count,
        {{ token_sum('successful_inference_count - served_inference_count') }} as cached_inference_count,
        {{ token_sum('replayed_tokens') }} as replayed_tokens,
        {{ token_sum('uncached_input_tokens') }} as uncached_input_tokens,
        {{ token_sum('cache_read_tokens') }} as cache_read_tokens,
        {{ token_sum('cache_write_5m_tokens + cache_write_1h_tokens') }} as cache_write_tokens
    from {{ ref('fct_usage_daily') }} as usage_daily
    inner join {{ ref('dim_customers') }} as customers
        on usage_daily.customer_id = customers.customer_id
    where
        not customers.is_internal
        and usage_daily.call_count > 0
        and {{ is_llm_call('usage_daily.call_type') }}
    group by period_start_date, usage_daily.feature

),

cached as (

    select
        cast({{ dbt.date_trunc('week', 'usage_date') }} as date) as period_start_date,
        feature,
        {{ token_sum('unpriced_hit_count') }} as unpriced_hit_count,
        {{ token_sum('known_saving_count') }} as known_saving_count,
        count(prefix_hash) > 0 as has_prefixes,
        {{ cost_sum('avoided_cost_usd') }} as avoided_cost_usd,
        {{ cost_sum('prompt_cache_cost_usd') }} as prompt_cache_cost_usd,
        {{ cost_sum('prompt_cache_saving_usd') }} as prompt_cache_saving_usd
    from {{ ref('int_caching_daily') }} as caching
    inner join {{ ref('dim_customers') }} as customers
        on caching.customer_id = customers.customer_id
    where not customers.is_internal
    group by period_start_date, feature

),

losing as (

    select
        period_start_date,
        feature,
        count(*) as losing_prefix_count,
        {{ cost_sum('prompt_cache_saving_usd') }} as losing_prefix_saving_usd
    from {{ ref('int_prompt_prefixes_summed_weekly') }}
    where prompt_cache_saving_usd < 0
    group by period_start_date, feature

),

joined as (

    select
        weeks.*,
        coalesce(use_cases.product_type, 'unattributed') as product_type,
        weeks.cache_read_tokens + weeks.cache_write_tokens as cache_tokens,
        {{ ratio('weeks.cached_inference_count', 'weeks.successful_inference_count') }} as response_cache_hit_ratio,
        {{ ratio(
            'weeks.cache_read_tokens', 'weeks.uncached_input_tokens + weeks.cache_read_tokens + weeks.cache_write_tokens'
        ) }} as prompt_cache_read_ratio,
        cast(bands.low as decimal(28, 12)) as typical_low_ratio,
        cast(bands.high as decimal(28, 12)) as typical_high_ratio,
        coalesce(cached.unpriced_hit_count, 0) as unpriced_hit_count,
        {{ money('coalesce(cached.avoided_cost_usd, 0)') }} as avoided_cost_usd,
        {{ money('coalesce(cached.prompt_cache_cost_usd, 0)') }} as prompt_cache_cost_usd,
        case
            when cache_tokens = 0 or cached.known_saving_count > 0
                then {{ money('coalesce(cached.prompt_cache_saving_usd, 0)') }}
        end as prompt_cache_saving_usd,
        coalesce(cached.has_prefixes, false) and (cache_tokens = 0 or cached.known_saving_count > 0) as has_prefixes,
        losing.losing_prefix_count,
        losing.losing_prefix_saving_usd,
        {{ is_complete('weeks.period_start_date', 'week') }} as is_complete
    from weeks
    -- No period after as_of_date has a row.
    inner join {{ ref('int_as_of_date') }} as as_of
        on weeks.period_start_date <= as_of.as_of_date
    left join cached
        on weeks.period_start_date = cached.period_start_date
        and weeks.feature = cached.feature
    left join losing
        on weeks.period_start_date = losing.period_start_date
        and weeks.feature = losing.feature
    left join {{ ref('use_cases') }} as use_cases
        on weeks.feature = use_cases.feature
    left join {{ ref('benchmarks') }} as bands
        on use_cases.product_type = bands.band
        and bands.metric = 'response_cache_hit'

),

final as (

    select
        period_start_date,
        feature,
        product_type,
        successful_inference_count,
        cached_inference_count,
        unpriced_hit_count,
        replayed_tokens,
        uncached_input_tokens,
        cache_read_tokens,
        cache_write_tokens,
        response_cache_hit_ratio,
        typical_low_ratio,
        typical_high_ratio,
        case
            when response_cache_hit_ratio is null then 'no_data'
            when coalesce(typical_low_ratio, typical_high_ratio) is null then 'no_band'
            when response_cache_hit_ratio < typical_low_ratio then 'below_band'
            when response_cache_hit_ratio > typical_high_ratio then 'above_band'
            else 'in_band'
        end as response_cache_status,
        avoided_cost_usd,
        prompt_cache_read_ratio,
        prompt_cache_cost_usd,
        prompt_cache_saving_usd,
        case
            when cache_tokens = 0 then 'unused'
            when prompt_cache_saving_usd is null then 'unknown'
            when prompt_cache_saving_usd < 0 then 'loses_money'
            when prompt_cache_saving_usd = 0 then 'breaks_even'
            else 'saves_money'
        end as prompt_cache_status,
        -- Without prefix hashes nobody knows which prefix loses.
        case when has_prefixes then coalesce(losing_prefix_count, 0) end as losing_prefix_count,
        case when has_prefixes then {{ money('coalesce(losing_prefix_saving_usd, 0)') }} end as losing_prefix_saving_usd,
        case
            when has_prefixes then 'available'
            when cache_tokens = 0 then 'unused'
            else 'unavailable'
        end as prefix_status,
        is_complete
    from joined

)

select * from final
