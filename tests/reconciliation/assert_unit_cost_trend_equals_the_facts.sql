-- Cost per inference of every month straight from the daily fact, and what the month before was by the change.
with

facts as (

    select
        cast({{ dbt.date_trunc('month', 'usage_daily.usage_date') }} as date) as period_start_date,
        {{ ratio('sum(usage_daily.ai_cost_usd)', 'sum(usage_daily.successful_inference_count)') }} as cpi_usd
    from {{ ref('fct_usage_daily') }} as usage_daily
    inner join {{ ref('dim_customers') }} as customers
        on usage_daily.customer_id = customers.customer_id
    where not customers.is_internal
    group by period_start_date

)

select
    facts.period_start_date,
    facts.cpi_usd,
    trend.cpi_usd as trend_cpi_usd
from facts
left join {{ ref('unit_cost_trend_monthly') }} as trend
    on facts.period_start_date = trend.period_start_date
left join facts as facts_3m
    on cast({{ dbt.dateadd('month', -3, 'facts.period_start_date') }} as date) = facts_3m.period_start_date
where
    trend.period_start_date is null
    or coalesce(facts.cpi_usd, -1) <> coalesce(trend.cpi_usd, -1)
    -- The change leads back to the month it compares with.
    or abs(
        coalesce(
            cast(facts_3m.cpi_usd as double) * (1 + cast(trend.change_3m_ratio as double))
            - cast(facts.cpi_usd as double),
            0
        )
    ) > 0.000000001
    or (facts_3m.cpi_usd > 0 and facts.cpi_usd is not null and trend.change_3m_ratio is null)
