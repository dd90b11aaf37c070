-- The change of cost per inference over three months beside that of list prices. Grain: one row per month.
select
    trend.period_start_date,
    cast(trend.change_3m_ratio as double) as change_3m_ratio,
    cast(trend.market_change_3m_ratio as double) as market_change_3m_ratio,
    cast(trend.change_12m_ratio as double) as change_12m_ratio,
    cast(trend.evidence_best_ratio as double) as evidence_best_ratio,
    cast(trend.ai_cost_change_1m_ratio as double) as ai_cost_change_1m_ratio,
    cast(trend.ai_revenue_change_1m_ratio as double) as ai_revenue_change_1m_ratio,
    trend.is_cost_outgrowing_revenue,
    trend.is_complete,
    trend.status
from marts.unit_cost_trend_monthly as trend
cross join page_dates
where
    trend.period_start_date <= page_dates.as_of_date
    and trend.period_start_date > page_dates.as_of_date - interval 18 months
    and coalesce(trend.change_3m_ratio, trend.market_change_3m_ratio) is not null
order by trend.period_start_date asc nulls last
