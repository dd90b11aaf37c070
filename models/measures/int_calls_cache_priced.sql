-- Calls that a cache took part in, with what they would have cost without it, at the prices of their own moment. Internal
-- use is in here.
-- Grain: one row per call_id: answered by the response cache, or with tokens read from or written to a prompt cache.
-- The price is looked up by the provider as logged; where the log named none, by the model alone.
-- decisions.md, Caching.
{{ config(**touched_days_config('int_measured_days_touched')) }}
with

calls as (

    select
        calls.*,
        {{ second_of_day('calls.requested_at') }} as requested_second,
        calls.uncached_input_tokens + calls.cache_read_tokens
        + calls.cache_write_5m_tokens + calls.cache_write_1h_tokens as total_input_tokens
    from {{ ref('fct_inference_calls') }} as calls
    where
        {{ is_llm_call('calls.call_type') }}
        and (
            -- A hit that failed delivered nothing that somebody would have paid for.
            (calls.pricing_status = 'response_cache_hit' and calls.status = 'success')
            or (
                calls.pricing_status in ('priced', 'overridden')
                and calls.cache_read_tokens + calls.cache_write_5m_tokens + calls.cache_write_1h_tokens > 0
            )
        )
        {{ where_touched('int_measured_days_touched', 'calls.usage_date', keyword='and') }}

),

prices as (

    select * from {{ ref('int_prices_daily') }}

),

matched as (

    select
        calls.call_id,
        calls.usage_date,
        calls.customer_id,
        calls.feature,
        calls.prefix_hash,
        calls.is_response_cache_hit,
        {% for bucket in token_buckets() -%}
        calls.{{ bucket }},
        {% endfor -%}
        {{ money('calls.cache_read_cost_usd + calls.cache_write_cost_usd') }} as prompt_cache_cost_usd,
        {{ has_price('prices', 'calls.total_input_tokens + calls.output_tokens') }} as has_price,
        coalesce(prices.has_price_rest, false) as has_price_rest,
        {% for price in ['input', 'cache_read', 'cache_write_5m', 'cache_write_1h', 'output', 'reasoning'] -%}
        prices.{{ price }}_usd_per_token,
        prices.{{ price }}_usd_per_token_rest,
        {% endfor -%}
        prices.request_usd,
        row_number() over (
            partition by calls.call_id
            order by (prices.provider = calls.provider) desc nulls last
        ) as price_rank
    from calls
    left join prices
        on calls.model = prices.model
        and calls.service_tier = prices.service_tier
        and calls.utc_date = prices.utc_date
        and calls.requested_second >= prices.from_second
        and calls.requested_second < prices.to_second
        and calls.total_input_tokens >= prices.input_tokens_from
        and (prices.input_tokens_to is null or calls.total_input_tokens < prices.input_tokens_to)
        and (
            calls.provider = prices.provider
            or (prices.provider = '' and calls.resolved_provider = prices.resolved_provider)
        )

),

final as (

    select
        call_id,
        usage_date,
        customer_id,
        feature,
        prefix_hash,
        is_response_cache_hit,
        case
            when is_response_cache_hit and has_price
                then {{ money(
                    token_cost('uncached_input_tokens', 'input_usd_per_token')
                    ~ ' + ' ~ token_cost('cache_read_tokens', 'cache_read_usd_per_token')
                    ~ ' + ' ~ token_cost('cache_write_5m_tokens', 'cache_write_5m_usd_per_token')
                    ~ ' + ' ~ token_cost('cache_write_1h_tokens', 'cache_write_1h_usd_per_token')
                    ~ ' + ' ~ bucket_cost('output_tokens', 'output_usd_per_token', {'reasoning_tokens': 'reasoning_usd_per_token'})
                    ~ ' + request_usd'
                ) }}
        end as avoided_cost_usd,
        prompt_cache_cost_usd,
        case
            when not is_response_cache_hit and has_price
                then {{ money(token_cost(
                    '(cache_read_tokens + cache_write_5m_tokens + cache_write_1h_tokens)', 'input_usd_per_token'
                ) ~ ' - prompt_cache_cost_usd') }}
        end as prompt_cache_saving_usd
    from matched
    where price_rank = 1

)

select * from final
