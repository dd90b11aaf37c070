-- What each customer paid and cost in the month shown, the largest loss first; unattributed and internal stand aside.
-- Grain: one row per customer.
select
    margins.customer_id,
    coalesce(nullif(customers.customer_name, ''), margins.customer_id) as customer_name,
    coalesce(customers.plan, 'unattributed') as plan,
    margins.successful_inference_count,
    cast(margins.revenue_usd as double) as revenue_usd,
    cast(margins.ai_cost_usd as double) as ai_cost_usd,
    cast(margins.other_cogs_usd as double) as other_cogs_usd,
    cast(margins.gross_profit_usd as double) as gross_profit_usd,
    cast(margins.gross_margin_ratio as double) as gross_margin_ratio,
    margins.is_loss_making,
    margins.has_no_revenue
from marts.customer_margins_monthly as margins
inner join page_dates
    on margins.period_start_date = page_dates.month_date
left join marts.dim_customers as customers
    on margins.customer_id = customers.customer_id
where margins.customer_id <> 'unattributed' and not coalesce(customers.is_internal, false)
order by margins.gross_profit_usd asc nulls last, margins.customer_id asc nulls last
