-- What changed in the past since the previous release. Grain: one row per month and cause.
select
    period_start_date,
    cause,
    count(distinct customer_id) as customer_count,
    cast(sum(change_usd) as double) as change_usd,
    cast(sum(revenue_change_usd) as double) as revenue_change_usd
from marts.price_restatements
group by period_start_date, cause
order by period_start_date desc nulls last, cause asc nulls last
