-- Cache tokens and their cost are those of the daily fact: a call priced twice, or not found in the prices, would move
-- the saving unseen.
with

usage_weekly as (

    select
        cast({{ dbt.date_trunc('week', 'usage_daily.usage_date') }} as date) as period_start_date,
        usage_daily.feature,
        {{ token_sum('usage_daily.cache_read_tokens') }} as cache_read_tokens,
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

)

select *
from usage_weekly
full outer join {{ ref('cache_performance_weekly') }} as cache_performance
    on usage_weekly.period_start_date = cache_performance.period_start_date
    and usage_weekly.feature = cache_performance.feature
where
    usage_weekly.cache_read_tokens is distinct from cache_performance.cache_read_tokens
    or usage_weekly.prompt_cache_cost_usd is distinct from cache_performance.prompt_cache_cost_usd
