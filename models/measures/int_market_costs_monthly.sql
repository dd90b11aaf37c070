-- A month's own tokens at the list prices of its last day, and at those of the last day 1, 3, 6 and 12 months before.
-- Grain: one row per period_start_date and horizon_months (1, 3, 6, 12).
-- Base context, standard service, no daily window, nothing negotiated: what the market did to the price of this use.
-- A model with a token bucket that had no price on one of the two days is left out of both sides.
-- decisions.md, Unit cost trend.
{% set bucket_prices = {
    'uncached_input_tokens': 'input_usd_per_mtok',
    'cache_read_tokens': 'coalesce(cache_read_usd_per_mtok, input_usd_per_mtok)',
    'cache_write_5m_tokens': 'coalesce(cache_write_5m_usd_per_mtok, input_usd_per_mtok)',
    'cache_write_1h_tokens': 'coalesce(cache_write_1h_usd_per_mtok, cache_write_5m_usd_per_mtok, input_usd_per_mtok)',
    'output_tokens': 'output_usd_per_mtok',
} %}
with

models as (

    -- The entry of the price book behind a resolved name: the maker's, where a model is resold.
    select
        resolved_provider,
        resolved_model,
        max(book_provider) as book_provider,
        max(book_model) as book_model
    from {{ ref('int_models_resolved_daily') }}
    where book_model is not null
    group by
        resolved_provider,
        resolved_model

),

book as (

    select * from {{ ref('stg_price_book__model_prices') }}
    where
        service_tier = 'standard'
        and input_tokens_from = 0
        and not is_daily_window

),

prices as (

    {% for bucket, price in bucket_prices.items() %}
    -- `union` keeps one of the rows of a day that only a window divides.
    select
        book_provider,
        model,
        valid_from_date,
        valid_to_date,
        '{{ bucket }}' as token_bucket,
        {{ price }} as usd_per_mtok
    from book
    {{ 'union' if not loop.last }}
    {% endfor %}
),

tokens as (

    {% for bucket in bucket_prices %}
    select
        cast({{ dbt.date_trunc('month', 'usage_daily.usage_date') }} as date) as period_start_date,
        usage_daily.resolved_provider,
        usage_daily.resolved_model,
        '{{ bucket }}' as token_bucket,
        {{ token_sum('usage_daily.' ~ bucket) }} as token_count
    from {{ ref('fct_usage_daily') }} as usage_daily
    inner join {{ ref('dim_customers') }} as customers
        on usage_daily.customer_id = customers.customer_id
    where not customers.is_internal and usage_daily.{{ bucket }} > 0
    group by period_start_date, usage_daily.resolved_provider, usage_daily.resolved_model
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

dated as (

    -- The last day of the month itself (0), and of the months it is compared with.
    select
        tokens.*,
        horizons.horizon_months,
        {%- set next_month = dbt.dateadd('month', '1 - horizons.horizon_months', 'tokens.period_start_date') %}
        cast({{ dbt.dateadd('day', -1, next_month) }} as date) as price_date
    from tokens
    cross join (values (0), (1), (3), (6), (12)) as horizons (horizon_months)

),

costed as (

    select
        dated.period_start_date,
        dated.horizon_months,
        dated.resolved_provider,
        dated.resolved_model,
        {{ token_sum('dated.token_count') }} as token_count,
        count(*) = count(prices.usd_per_mtok) as is_priced,
        -- A million tokens at a time: the sum stays exact.
        {{ money('sum(cast(dated.token_count as decimal(15, 0)) * cast(prices.usd_per_mtok as decimal(19, 15)))') }}
            as million_tokens_usd
    from dated
    left join models
        on dated.resolved_provider = models.resolved_provider
        and dated.resolved_model = models.resolved_model
    left join prices
        on models.book_provider = prices.book_provider
        and models.book_model = prices.model
        and dated.token_bucket = prices.token_bucket
        and (prices.valid_from_date is null or dated.price_date >= prices.valid_from_date)
        and (prices.valid_to_date is null or dated.price_date < prices.valid_to_date)
    group by
        dated.period_start_date,
        dated.horizon_months,
        dated.resolved_provider,
        dated.resolved_model

),

final as (

    select
        costs_then.period_start_date,
        cast(costs_then.horizon_months as bigint) as horizon_months,
        {{ token_sum('costs_then.token_count') }} as token_count,
        {{ token_sum('costs_then.token_count', 'costs_now.is_priced and costs_then.is_priced') }} as priced_token_count,
        {% for side in ['now', 'then'] -%}
        {{ cost_sum(
            'cast(costs_' ~ side ~ '.million_tokens_usd * cast(0.000001 as decimal(6, 6)) as decimal(28, 12))',
            'costs_now.is_priced and costs_then.is_priced'
        ) }} as cost_{{ side }}_usd{{ ',' if not loop.last }}
        {% endfor %}
    from costed as costs_then
    inner join costed as costs_now
        on costs_then.period_start_date = costs_now.period_start_date
        and costs_then.resolved_provider = costs_now.resolved_provider
        and costs_then.resolved_model = costs_now.resolved_model
        and costs_now.horizon_months = 0
    where costs_then.horizon_months > 0
    group by
        costs_then.period_start_date,
        costs_then.horizon_months

)

select * from final
