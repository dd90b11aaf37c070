-- Which features lose money on AI, and on which of their models?
--
-- Parameters: month, any day of it (the last complete month).
-- Read it: a row is a feature on a model. AI revenue is the feature's, shared over its models by delivered inferences.
-- feature_profit_usd judges the whole feature; is_under_water the row, where the model delivered anything.
-- Traps: embedding, retrieval and bills without a call deliver nothing: no revenue of their own, is_under_water is
-- null, their cost counts in the feature. AI revenue is a part of revenue; hosting and support are not in here.
-- Internal use is left out. What a product earned without any use stands with feature unattributed.
with

params as (

    select coalesce(date_trunc('month', cast(getvariable('month') as date)), max(period_start_date)) as month_date
    from marts.gross_margin_monthly
    where dimension = 'all' and is_complete

),

models_used as (

    select
        usage_daily.feature,
        usage_daily.resolved_provider,
        usage_daily.resolved_model,
        sum(usage_daily.successful_inference_count) as successful_inference_count,
        sum(usage_daily.ai_cost_usd) as ai_cost_usd
    from marts.fct_usage_daily as usage_daily
    inner join params
        on params.month_date = date_trunc('month', usage_daily.usage_date)
    inner join marts.dim_customers as customers
        on usage_daily.customer_id = customers.customer_id
    where not customers.is_internal
    group by
        usage_daily.feature,
        usage_daily.resolved_provider,
        usage_daily.resolved_model

),

features as (

    select
        feature,
        sum(successful_inference_count) as successful_inference_count
    from models_used
    group by feature

),

revenue as (

    select
        efficiency.dimension_value as feature,
        efficiency.ai_revenue_usd
    from marts.inference_efficiency_monthly as efficiency
    inner join params
        on efficiency.period_start_date = params.month_date
    where efficiency.dimension = 'feature' and not efficiency.is_forecast

),

entries as (

    select
        models_used.feature,
        models_used.resolved_provider,
        models_used.resolved_model,
        models_used.successful_inference_count,
        coalesce(
            revenue.ai_revenue_usd * models_used.successful_inference_count
            / nullif(features.successful_inference_count, 0),
            0
        ) as ai_revenue_usd,
        models_used.ai_cost_usd
    from models_used
    inner join features
        on models_used.feature = features.feature
    left join revenue
        on models_used.feature = revenue.feature

    union all

    -- Revenue of a feature that delivered nothing: there is no model to give it to.
    select
        revenue.feature,
        'unattributed' as resolved_provider,
        'unattributed' as resolved_model,
        0 as successful_inference_count,
        revenue.ai_revenue_usd,
        0 as ai_cost_usd
    from revenue
    left join features
        on revenue.feature = features.feature
    where coalesce(features.successful_inference_count, 0) = 0 and revenue.ai_revenue_usd <> 0

)

select
    feature,
    resolved_provider,
    resolved_model,
    cast(successful_inference_count as bigint) as successful_inference_count,
    round(ai_revenue_usd, 6) as ai_revenue_usd,
    round(ai_cost_usd, 6) as ai_cost_usd,
    round(ai_revenue_usd - ai_cost_usd, 6) as ai_profit_usd,
    case when successful_inference_count > 0 then ai_cost_usd > ai_revenue_usd end as is_under_water,
    round(sum(ai_revenue_usd - ai_cost_usd) over (partition by feature), 6) as feature_profit_usd
from entries
order by
    feature_profit_usd asc,
    feature asc,
    ai_profit_usd asc
