-- Deliveries, tokens and cost of the caches are those of the daily fact, the bands those of the benchmarks: a call
-- priced twice, or not found in the prices, would move the saving unseen.
with

usage_weekly as (

    select
        cast({{ dbt.date_trunc('week', 'usage_daily.usage_date') }} as date) as period_start_date,
        usage_daily.feature,
        {{ token_sum('usage_daily.successful_inference_count') }} as successful_inference_count,
        {{ token_sum('usage_daily.successful_inference_count - usage_daily.served_inference_count') }}
            as cached_inference_count,
        {{ token_sum('usage_daily.replayed_tokens') }} as replayed_tokens,
        {{ token_sum('usage_daily.uncached_input_tokens') }} as uncached_input_tokens,
        {{ token_sum('usage_daily.cache_read_tokens') }} as cache_read_tokens,
        {{ token_sum('usage_daily.cache_write_5m_tokens + usage_daily.cache_write_1h_tokens') }} as cache_write_tokens,
        {{ cost_sum('usage_daily.cache_read_cost_usd + usage_daily.cache_write_cost_usd') }} as prompt_cache_cost_usd
    from {{ ref('fct_usage_daily') }} as usage_daily
    inner join {{ ref('dim_customers') }} as customers
        on usage_daily.customer_id = customers.customer_id
    where
        not customers.is_internal
        and usage_daily.call_count > 0
        and {{ is_llm_call('usage_daily.call_type') }}
    group by
        cast({{ dbt.date_trunc('week', 'usage_daily.usage_date') }} as date),
        usage_daily.feature

),

losing as (

    select
        period_start_date,
        feature,
        count(*) as losing_prefix_count,
        {{ cost_sum('prompt_cache_saving_usd') }} as losing_prefix_saving_usd
    from {{ ref('losing_prompt_prefixes_weekly') }}
    group by
        period_start_date,
        feature

),

bands as (

    select
        use_cases.feature,
        benchmarks.low,
        benchmarks.high
    from {{ ref('use_cases') }} as use_cases
    inner join {{ ref('benchmarks') }} as benchmarks
        on use_cases.product_type = benchmarks.band
    where benchmarks.metric = 'response_cache_hit'

),

actual as (

    select * from {{ ref('cache_performance_weekly') }}

)

select
    coalesce(usage_weekly.period_start_date, actual.period_start_date) as period_start_date,
    coalesce(usage_weekly.feature, actual.feature) as feature
from usage_weekly
full outer join actual
    on usage_weekly.period_start_date = actual.period_start_date
    and usage_weekly.feature = actual.feature
left join losing
    on actual.period_start_date = losing.period_start_date
    and actual.feature = losing.feature
left join bands
    on actual.feature = bands.feature
where
    coalesce(usage_weekly.period_start_date, actual.period_start_date)
    <= (select max(as_of.as_of_date) from {{ ref('int_as_of_date') }} as as_of)
    and (
        coalesce(actual.losing_prefix_count, 0) <> coalesce(losing.losing_prefix_count, 0)
        {%- for measure in [
            'successful_inference_count', 'cached_inference_count', 'replayed_tokens', 'uncached_input_tokens',
            'cache_read_tokens', 'cache_write_tokens', 'prompt_cache_cost_usd',
        ] %}
        or usage_weekly.{{ measure }} is distinct from actual.{{ measure }}
        {%- endfor %}
        or coalesce(actual.losing_prefix_saving_usd, 0) <> coalesce(losing.losing_prefix_saving_usd, 0)
        or actual.typical_low_ratio is distinct from bands.low
        or actual.typical_high_ratio is distinct from bands.high
    )
