-- The market index weighs every token of the month once: those of the daily fact, internal use aside.
with

facts as (

    select
        cast({{ dbt.date_trunc('month', 'usage_daily.usage_date') }} as date) as period_start_date,
        {{ token_sum(
            'usage_daily.uncached_input_tokens + usage_daily.cache_read_tokens + usage_daily.cache_write_5m_tokens'
            ~ ' + usage_daily.cache_write_1h_tokens + usage_daily.output_tokens'
        ) }} as token_count
    from {{ ref('fct_usage_daily') }} as usage_daily
    inner join {{ ref('dim_customers') }} as customers
        on usage_daily.customer_id = customers.customer_id
    where not customers.is_internal
    group by period_start_date

),

market as (

    select
        period_start_date,
        min(token_count) as least_token_count,
        max(token_count) as most_token_count,
        count(*) as horizon_count
    from {{ ref('int_market_costs_monthly') }}
    group by period_start_date

)

select
    facts.period_start_date,
    facts.token_count,
    market.least_token_count
from facts
left join market
    on facts.period_start_date = market.period_start_date
where
    facts.token_count > 0
    and (
        market.period_start_date is null
        or facts.token_count <> market.least_token_count
        or facts.token_count <> market.most_token_count
        or market.horizon_count <> 4
    )
