-- What do failures and retries cost, and where?
--
-- Parameters: month, any day of it (the last complete month).
-- Read it: a row is a feature's step, inference types alone. Unproductive is every attempt that stands for nothing:
-- failed, retried, cancelled or a second success. attempts_per_inference tells retries apart from failures for good.
-- Traps: this is computed cost, before bills; waste_ledger_monthly has the same money as billed, by reason. A failed
-- call is often not charged: count and cost differ. Internal use is left out.
with

params as (

    select coalesce(date_trunc('month', cast(getvariable('month') as date)), max(period_start_date)) as month_date
    from marts.gross_margin_monthly
    where dimension = 'all' and is_complete

)

select
    usage_daily.feature,
    usage_daily.step,
    cast(sum(usage_daily.attempt_count) as bigint) as attempt_count,
    cast(sum(usage_daily.inference_count) as bigint) as inference_count,
    cast(sum(usage_daily.successful_inference_count) as bigint) as successful_inference_count,
    round(sum(usage_daily.attempt_count) / nullif(sum(usage_daily.inference_count), 0), 3) as attempts_per_inference,
    round(sum(usage_daily.unproductive_cost_usd), 6) as unproductive_cost_usd,
    round(sum(usage_daily.productive_cost_usd), 6) as productive_cost_usd,
    round(
        sum(usage_daily.unproductive_cost_usd)
        / nullif(sum(usage_daily.unproductive_cost_usd + usage_daily.productive_cost_usd), 0), 4
    ) as unproductive_ratio
from marts.fct_usage_daily as usage_daily
inner join params
    on params.month_date = date_trunc('month', usage_daily.usage_date)
inner join marts.dim_customers as customers
    on usage_daily.customer_id = customers.customer_id
where not customers.is_internal and usage_daily.attempt_count > 0
group by
    usage_daily.feature,
    usage_daily.step
order by
    unproductive_cost_usd desc,
    usage_daily.feature asc,
    usage_daily.step asc
