-- The plans of the month shown with their limits, and what their customers would have them be; the dearest P90 first.
-- Grain: one row per plan, however it is spelt, and feature (empty = all of them). Plans without a price or a limit are
-- left out.
select
    min(plan) as plan,
    case when feature <> 'all' then feature end as feature,
    count(*) as customer_count,
    count(*) filter (where hard_breach_date is not null) as hard_breach_count,
    cast(max(hard_limit_tokens) as double) as hard_limit_tokens,
    cast(max(hard_limit_usd) as double) as hard_limit_usd,
    cast(max(suggested_limit_tokens) as double) as suggested_limit_tokens,
    cast(max(suggested_limit_usd) as double) as suggested_limit_usd,
    cast(max(monthly_price_usd) as double) as monthly_price_usd,
    cast(max(p90_cost_usd) as double) as p90_cost_usd,
    cast(max(p90_margin_ratio) as double) as p90_margin_ratio
from marts.plan_limit_usage_monthly
inner join page_dates
    on plan_limit_usage_monthly.period_start_date = page_dates.month_date
where
    monthly_price_usd is not null
    or coalesce(soft_limit_tokens, hard_limit_tokens) is not null
    or coalesce(soft_limit_usd, hard_limit_usd) is not null
group by lower(trim(plan)), feature
order by p90_margin_ratio asc nulls last, plan asc nulls last, feature asc nulls first
