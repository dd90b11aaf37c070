-- What does each plan bring in, and what does it cost to serve?
--
-- Parameters: month, any day of it (the last complete month).
-- Read it: a row is a plan, over the days on which customers had it: who changed in mid-month counts in both.
-- Traps: dim_customers.plan is today's plan; joined by customer it puts last month's cost under this month's plan. The
-- join is by customer and day, half open: valid_from_date <= day < valid_to_date. Ratios are sum over sum. Hosting and
-- support are not in here: the gross margin is in gross_margin_monthly. Internal use is left out.
with

params as (

    select coalesce(date_trunc('month', cast(getvariable('month') as date)), max(period_start_date)) as month_date
    from marts.gross_margin_monthly
    where dimension = 'all' and is_complete

),

entries as (

    select
        usage_date as day_date,
        customer_id,
        successful_inference_count,
        ai_cost_usd,
        0 as revenue_usd,
        0 as ai_revenue_usd
    from marts.fct_usage_daily

    union all

    select
        revenue_date as day_date,
        customer_id,
        0 as successful_inference_count,
        0 as ai_cost_usd,
        revenue_usd,
        ai_revenue_usd
    from marts.fct_revenue_daily

)

select
    coalesce(plans.plan, customers.crm_plan) as plan,
    count(distinct entries.customer_id) as customer_count,
    cast(sum(entries.successful_inference_count) as bigint) as successful_inference_count,
    round(sum(entries.revenue_usd), 6) as revenue_usd,
    round(sum(entries.ai_revenue_usd), 6) as ai_revenue_usd,
    round(sum(entries.ai_cost_usd), 6) as ai_cost_usd,
    round(sum(entries.ai_cost_usd) / nullif(sum(entries.successful_inference_count), 0), 6) as cpi_usd,
    case
        when sum(entries.ai_revenue_usd) > 0
            then round(1 - sum(entries.ai_cost_usd) / sum(entries.ai_revenue_usd), 4)
    end as inference_margin_ratio
from entries
inner join params
    on params.month_date = date_trunc('month', entries.day_date)
inner join marts.dim_customers as customers
    on entries.customer_id = customers.customer_id
left join marts.dim_customer_plans as plans
    on
        entries.customer_id = plans.customer_id
        and entries.day_date >= plans.valid_from_date
        and (plans.valid_to_date is null or entries.day_date < plans.valid_to_date)
where not customers.is_internal
group by coalesce(plans.plan, customers.crm_plan)
order by
    ai_cost_usd desc,
    plan asc
