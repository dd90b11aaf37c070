-- What the 28 days' calls that used no prompt cache would have saved with it, by the stable prefix of their prompts.
-- Grain: one row per prefix_hash and group of calls; saving_usd is below 0 where it would have cost more.
-- A call within five minutes of the one before on its prefix would have read it, any other would have written it. The
-- prefix is as long as what other calls had cached of it, at most its shortest prompt; where none had, that alone is
-- known: a point estimate without a lower bound. At computed cost. decisions.md, Savings.
{{ config(materialized='table') }}
with

as_of as (

    select * from {{ ref('int_as_of_date') }}

),

least_tokens as (

    select low as least_tokens
    from {{ ref('benchmarks') }}
    where
        metric = 'prompt_cache_tokens'
        and band = 'least'

),

-- Of several names and windows of a model the dearest: base context tier.
price_ratios as (

    select
        resolved_provider,
        resolved_model,
        service_tier,
        utc_date,
        max({{ ratio('1000000 * cache_read_usd_per_token', '1000000 * input_usd_per_token') }}) as read_ratio,
        max({{ ratio('1000000 * cache_write_5m_usd_per_token', '1000000 * input_usd_per_token') }}) as write_ratio
    from {{ ref('int_prices_daily') }}
    where
        input_tokens_from = 0
        and input_usd_per_token > 0
    group by
        resolved_provider,
        resolved_model,
        service_tier,
        utc_date

),

calls as (

    select
        calls.*,
        calls.cache_read_tokens + calls.cache_write_5m_tokens + calls.cache_write_1h_tokens as cached_tokens,
        lag(calls.requested_at) over (
            partition by calls.resolved_provider, calls.model, calls.prefix_hash
            order by calls.requested_at asc nulls last, calls.call_id asc nulls last
        ) as previous_requested_at
    from {{ ref('fct_inference_calls') }} as calls
    cross join as_of
    inner join {{ ref('dim_customers') }} as customers
        on calls.customer_id = customers.customer_id
    where
        not customers.is_internal
        and calls.prefix_hash is not null
        and calls.pricing_status in ('priced', 'overridden')
        and {{ is_llm_call('calls.call_type') }}
        and {{ is_recent_traffic('calls.usage_date') }}

),

prefixes as (

    select
        resolved_provider,
        model,
        prefix_hash,
        least(
            min(uncached_input_tokens + cached_tokens),
            coalesce(min(cached_tokens) filter (where cached_tokens > 0), min(uncached_input_tokens))
        ) as prefix_tokens,
        count(*) filter (where cached_tokens > 0) > 0 as is_length_known
    from calls
    group by
        resolved_provider,
        model,
        prefix_hash

),

uncached as (

    select
        {{ savings_group('calls.') | join(',\n        ') }},
        calls.prefix_hash,
        prefixes.is_length_known,
        price_ratios.read_ratio,
        price_ratios.write_ratio,
        coalesce(
            calls.previous_requested_at >= {{ dbt.dateadd('minute', -5, 'calls.requested_at') }}, false
        ) as is_read,
        {{ shared_part(
            'calls.uncached_input_cost_usd', 'prefixes.prefix_tokens', 'calls.uncached_input_tokens', 0
        ) }} as prefix_cost_usd
    from calls
    cross join least_tokens
    inner join prefixes
        on calls.resolved_provider = prefixes.resolved_provider
        and calls.model = prefixes.model
        and calls.prefix_hash = prefixes.prefix_hash
    inner join price_ratios
        on calls.resolved_provider = price_ratios.resolved_provider
        and calls.resolved_model = price_ratios.resolved_model
        and calls.service_tier = price_ratios.service_tier
        and calls.utc_date = price_ratios.utc_date
    where
        calls.cached_tokens = 0
        and prefixes.prefix_tokens >= least_tokens.least_tokens

),

final as (

    select
        {{ savings_group() | join(',\n        ') }},
        prefix_hash,
        is_length_known,
        count(*) as call_count,
        -- Not part_of(): written dearly the share is below 0.
        {{ cost_sum(
            'cast(prefix_cost_usd as decimal(22, 12))'
            ~ ' * cast(1 - case when is_read then read_ratio else write_ratio end as decimal(15, 12))'
        ) }} as saving_usd
    from uncached
    group by
        {{ savings_group() | join(',\n        ') }},
        prefix_hash,
        is_length_known

)

select * from final
