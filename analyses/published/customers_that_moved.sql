-- Whose cost moved most against the month before: did they use more, or did each inference cost more?
--
-- Parameters: month, any day of it (the last complete month).
-- Read it: a row is a customer with use, cost or revenue in either month. The change of AI cost is what more inferences
-- cost at the price of the month before (more_use_usd) plus the rest (dearer_use_usd).
-- Traps: a month that still runs against a whole one makes everybody fall: is_complete says so. A customer of one month
-- alone has no price to compare with: everything is more_use_usd. Internal use is in here, as customer internal.
with

params as (

    select coalesce(date_trunc('month', cast(getvariable('month') as date)), max(period_start_date)) as month_date
    from marts.gross_margin_monthly
    where dimension = 'all' and is_complete

),

months as (

    select
        margins.customer_id,
        margins.period_start_date = params.month_date as is_this_month,
        margins.successful_inference_count,
        margins.ai_cost_usd,
        margins.revenue_usd,
        margins.gross_profit_usd,
        margins.is_complete
    from marts.customer_margins_monthly as margins
    inner join params
        on margins.period_start_date in (params.month_date, params.month_date - interval 1 month)

),

customers_moved as (

    select
        customer_id,
        coalesce(sum(successful_inference_count) filter (where is_this_month), 0) as inference_count,
        coalesce(sum(successful_inference_count) filter (where not is_this_month), 0) as previous_inference_count,
        coalesce(sum(ai_cost_usd) filter (where is_this_month), 0) as ai_cost_usd,
        coalesce(sum(ai_cost_usd) filter (where not is_this_month), 0) as previous_ai_cost_usd,
        coalesce(sum(revenue_usd) filter (where is_this_month), 0)
        - coalesce(sum(revenue_usd) filter (where not is_this_month), 0) as revenue_change_usd,
        coalesce(sum(gross_profit_usd) filter (where is_this_month), 0)
        - coalesce(sum(gross_profit_usd) filter (where not is_this_month), 0) as gross_profit_change_usd,
        bool_and(is_complete) as is_complete
    from months
    group by customer_id

),

split as (

    select
        *,
        case
            when previous_inference_count > 0 and inference_count > 0
                then (inference_count - previous_inference_count) * previous_ai_cost_usd / previous_inference_count
            else ai_cost_usd - previous_ai_cost_usd
        end as more_use_usd
    from customers_moved

)

select
    split.customer_id,
    customers.customer_name,
    cast(split.previous_inference_count as bigint) as previous_inference_count,
    cast(split.inference_count as bigint) as inference_count,
    round(split.previous_ai_cost_usd, 6) as previous_ai_cost_usd,
    round(split.ai_cost_usd, 6) as ai_cost_usd,
    round(split.ai_cost_usd - split.previous_ai_cost_usd, 6) as ai_cost_change_usd,
    round(split.more_use_usd, 6) as more_use_usd,
    round(split.ai_cost_usd - split.previous_ai_cost_usd - split.more_use_usd, 6) as dearer_use_usd,
    round(split.revenue_change_usd, 6) as revenue_change_usd,
    round(split.gross_profit_change_usd, 6) as gross_profit_change_usd,
    split.is_complete
from split
inner join marts.dim_customers as customers
    on split.customer_id = customers.customer_id
order by
    abs(split.ai_cost_usd - split.previous_ai_cost_usd) desc,
    split.customer_id asc
