-- Use that a scenario moves to another model, at the price of that model on the day.
-- Grain: one row per scenario and usage_row_number. repriced_cost_usd is null where the target has no price.
-- A computed cost, before bills. Context tier by the input of the row's average call, of a daily window the longest
-- stretch; fees per request and search stay as they were.
{{ config(materialized='table') }}
with

swaps as (

    select
        on_usage.scenario,
        on_usage.rule_number,
        rules.target_provider,
        rules.target_model,
        usage_rows.*
    from {{ ref('int_scenario_rules_on_usage') }} as on_usage
    inner join {{ ref('int_scenarios_read') }} as rules
        on on_usage.rule_number = rules.rule_number
    inner join {{ ref('int_scenario_usage_daily') }} as usage_rows
        on on_usage.usage_row_number = usage_rows.usage_row_number
    where on_usage.lever = 'model_swap'

),

prices as (

    select * from {{ ref('int_prices_daily') }}
    where has_price and not is_self_hosted

),

matched as (

    select
        swaps.*,
        swaps.replayed_uncached_input_tokens + swaps.replayed_cache_read_tokens + swaps.replayed_cache_write_5m_tokens
        + swaps.replayed_cache_write_1h_tokens + swaps.replayed_output_tokens as replayed_tokens,
        prices.model is not null as has_price,
        coalesce(prices.has_price_rest, false) as has_price_rest,
        {% for price in ['input', 'cache_read', 'cache_write_5m', 'cache_write_1h', 'output', 'reasoning'] -%}
        prices.{{ price }}_usd_per_token,
        prices.{{ price }}_usd_per_token_rest,
        {% endfor -%}
        row_number() over (
            partition by swaps.scenario, swaps.usage_row_number
            order by prices.to_second - prices.from_second desc nulls last, prices.from_second asc nulls last
        ) as window_rank
    from swaps
    left join prices
        on swaps.target_provider = prices.provider
        and swaps.target_model = prices.model
        and swaps.service_tier = prices.service_tier
        and swaps.utc_date = prices.utc_date
        and coalesce(swaps.input_tokens_per_call, 0) >= prices.input_tokens_from
        and (prices.input_tokens_to is null or coalesce(swaps.input_tokens_per_call, 0) < prices.input_tokens_to)

),

final as (

    select
        scenario,
        usage_row_number,
        rule_number,
        replayed_tokens,
        has_price,
        case
            when has_price
                then {{ money(
                    token_cost('replayed_uncached_input_tokens', 'input_usd_per_token')
                    ~ ' + ' ~ token_cost('replayed_cache_read_tokens', 'cache_read_usd_per_token')
                    ~ ' + ' ~ token_cost('replayed_cache_write_5m_tokens', 'cache_write_5m_usd_per_token')
                    ~ ' + ' ~ token_cost('replayed_cache_write_1h_tokens', 'cache_write_1h_usd_per_token')
                    ~ ' + ' ~ bucket_cost('replayed_output_tokens', 'output_usd_per_token',
                        {'replayed_reasoning_tokens': 'reasoning_usd_per_token'})
                    ~ ' + request_fee_usd'
                ) }}
            when replayed_tokens = 0 then request_fee_usd
        end as repriced_cost_usd
    from matched
    where window_rank = 1

)

select * from final
