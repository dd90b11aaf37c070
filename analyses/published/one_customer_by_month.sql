-- How did one customer develop: what it paid, what it used, what that cost, and what was left?
--
-- Parameters: customer_id (the one with the highest AI cost of the last complete month).
-- Read it: a row is a month with use, cost or revenue, the newest first. plan is that of the month's last day.
-- Traps: revenue is recognised day by day, not as invoiced: an annual plan shows in twelve months. A running month is
-- as far as it goes (is_complete), metered use not billed yet is missing (is_revenue_complete). unpriced_call_count
-- calls have no cost. Accounts merged in the CRM are the account they were merged into.
with

months as (

    select max(period_start_date) as month_date
    from marts.gross_margin_monthly
    where dimension = 'all' and is_complete

),

params as (

    select
        coalesce(
            cast(getvariable('customer_id') as varchar), max_by(margins.customer_id, margins.ai_cost_usd)
        ) as customer_id
    from months
    left join marts.customer_margins_monthly as margins
        on months.month_date = margins.period_start_date and margins.customer_id not in ('unattributed', 'internal')

)

select
    margins.period_start_date,
    margins.customer_id,
    plans.plan,
    margins.successful_inference_count,
    round(margins.revenue_usd, 6) as revenue_usd,
    round(margins.ai_revenue_usd, 6) as ai_revenue_usd,
    round(margins.ai_cost_usd, 6) as ai_cost_usd,
    round(margins.other_cogs_usd, 6) as other_cogs_usd,
    round(margins.gross_profit_usd, 6) as gross_profit_usd,
    round(margins.gross_margin_ratio, 4) as gross_margin_ratio,
    round(margins.cost_per_inference_usd, 6) as cost_per_inference_usd,
    margins.unpriced_call_count,
    margins.cost_status,
    margins.is_complete,
    margins.is_revenue_complete
from marts.customer_margins_monthly as margins
inner join params
    on margins.customer_id = params.customer_id
left join marts.dim_customer_plans as plans
    on
        margins.customer_id = plans.customer_id
        and plans.valid_from_date < margins.period_start_date + interval 1 month
        and (plans.valid_to_date is null or plans.valid_to_date >= margins.period_start_date + interval 1 month)
order by margins.period_start_date desc
