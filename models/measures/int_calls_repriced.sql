-- Productive calls on an expensive model, at the price the cheap model of a compared pair had at that moment: those of
-- the 28 days to as_of_date, and those of months whose evidence allowed the cheap model.
-- Grain: one row per call_id, expensive_model and cheap_model.
-- Both costs are computed ones, before bills: nobody has billed the cheap model's. Calls that no price of their own pays (own
-- machines, failures, cache hits) are left out. Fees per request and search stay as they were. decisions.md, Savings of a downgrade.
{{ config(materialized='table') }}
with

calls as (

    select * from {{ ref('fct_inference_calls') }}

),

accounts as (

    select * from {{ ref('int_accounts') }}

),

pairs as (

    select * from {{ ref('int_model_pairs_compared') }}

),

allowed as (

    select * from {{ ref('int_downgrades_allowed_monthly') }}

),

as_of as (

    select * from {{ ref('int_as_of_date') }}

),

prices as (

    select * from {{ ref('int_prices_daily') }}

),

days as (

    -- By day, so that the engine skips the parts of history that are not asked for.
    select dates.date_day
    from {{ ref('dim_dates') }} as dates
    cross join as_of
    where
        {{ is_recent_traffic('dates.date_day') }}
        or cast({{ dbt.date_trunc('month', 'dates.date_day') }} as date) in (select allowed.period_start_date from allowed)

),

eligible as (

    select
        calls.call_id,
        calls.usage_date,
        calls.utc_date,
        calls.service_tier,
        {{ second_of_day('calls.requested_at') }} as requested_second,
        {% for bucket in token_buckets() -%}
        calls.{{ bucket }},
        {% endfor -%}
        calls.uncached_input_tokens + calls.cache_read_tokens
        + calls.cache_write_5m_tokens + calls.cache_write_1h_tokens as total_input_tokens,
        calls.request_fee_usd,
        calls.computed_cost_usd,
        pairs.use_case,
        pairs.expensive_model,
        pairs.cheap_model,
        coalesce(pairs.cheap_provider, '') as cheap_provider,
        calls.usage_date > cast({{ dbt.dateadd('day', -1 * var('traffic_days'), 'as_of.as_of_date') }} as date)
        and calls.usage_date <= as_of.as_of_date as is_recent,
        allowed.cheap_model is not null as is_allowed
    from calls
    inner join days
        on calls.usage_date = days.date_day
    left join accounts
        on calls.customer_id = accounts.customer_id
    inner join pairs
        on {{ uses_model('pairs', 'calls') }}
    cross join as_of
    left join allowed
        on cast({{ dbt.date_trunc('month', 'calls.usage_date') }} as date) = allowed.period_start_date
        and pairs.use_case = allowed.use_case
        and pairs.expensive_model = allowed.expensive_model
        and pairs.cheap_model = allowed.cheap_model
    where
        calls.is_successful
        and calls.customer_id <> 'internal'
        and not coalesce(accounts.is_internal, false)
        and calls.pricing_status in ('priced', 'overridden')

),

matched as (

    select
        eligible.*,
        {{ has_price('prices', 'eligible.total_input_tokens + eligible.output_tokens') }} as has_price,
        coalesce(prices.has_price_rest, false) as has_price_rest,
        {% for price in ['input', 'cache_read', 'cache_write_5m', 'cache_write_1h', 'output', 'reasoning'] -%}
        prices.{{ price }}_usd_per_token,
        prices.{{ price }}_usd_per_token_rest{{ ',' if not loop.last }}
        {% endfor %}
    from eligible
    left join prices
        on eligible.cheap_provider = prices.provider
        and eligible.cheap_model = prices.model
        and eligible.service_tier = prices.service_tier
        and eligible.utc_date = prices.utc_date
        and eligible.requested_second >= prices.from_second
        and eligible.requested_second < prices.to_second
        and eligible.total_input_tokens >= prices.input_tokens_from
        and (prices.input_tokens_to is null or eligible.total_input_tokens < prices.input_tokens_to)
    where eligible.is_recent or eligible.is_allowed

),

final as (

    select
        call_id,
        usage_date,
        use_case,
        expensive_model,
        cheap_model,
        is_recent,
        is_allowed,
        computed_cost_usd,
        case
            when has_price
                then {{ money(
                    token_cost('uncached_input_tokens', 'input_usd_per_token')
                    ~ ' + ' ~ token_cost('cache_read_tokens', 'cache_read_usd_per_token')
                    ~ ' + ' ~ token_cost('cache_write_5m_tokens', 'cache_write_5m_usd_per_token')
                    ~ ' + ' ~ token_cost('cache_write_1h_tokens', 'cache_write_1h_usd_per_token')
                    ~ ' + ' ~ bucket_cost('output_tokens', 'output_usd_per_token', {'reasoning_tokens': 'reasoning_usd_per_token'})
                    ~ ' + request_fee_usd'
                ) }}
        end as repriced_cost_usd
    from matched

)

select * from final
