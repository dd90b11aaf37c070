-- Who went above a limit of the plan in the month of as_of_date, or will: the worst first.
-- Grain: one row per customer and feature (empty = all of them).
select
    coalesce(nullif(customers.customer_name, ''), limits.customer_id) as customer_name,
    limits.plan,
    case when limits.feature <> 'all' then limits.feature end as feature,
    limits.limit_status,
    case limits.limit_status
        when 'hard_breached' then limits.hard_breach_date
        when 'hard_projected' then limits.projected_hard_breach_date
        when 'soft_breached' then limits.soft_breach_date
        else limits.projected_soft_breach_date
    end as breach_date,
    cast(limits.tokens as double) as tokens,
    cast(limits.cost_usd as double) as cost_usd,
    cast(limits.monthly_price_usd as double) as monthly_price_usd
from marts.plan_limit_usage_monthly as limits
cross join page_dates
left join marts.dim_customers as customers
    on limits.customer_id = customers.customer_id
where
    limits.period_start_date = date_trunc('month', page_dates.as_of_date)
    and limits.limit_status not in ('within_limits', 'no_limit')
order by
    case limits.limit_status
        when 'hard_breached' then 1 when 'hard_projected' then 2 when 'soft_breached' then 3 else 4
    end asc nulls last,
    limits.cost_usd desc nulls last,
    limits.customer_id asc nulls last,
    limits.feature asc nulls last
