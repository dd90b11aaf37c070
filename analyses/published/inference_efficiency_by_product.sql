-- How many dollars of AI revenue does a dollar of inference earn, by product?
--
-- Parameters: month, any day of the last month asked for (the last complete month), months, how many to add up (3).
-- Read it: a row is a product. Below 5 (AI inside a product) or 3 (the product is AI) something is wrong; healthy is
-- from 10 or 5 on.
-- Traps: the numerator is AI revenue, never all revenue. inference_cost_usd leaves fine-tuning out, ai_cost_usd has it.
-- Revenue knows the product it was billed for, a call the one it was logged for: calls without product_id are product
-- unattributed, and make another product look better. Internal use is left out. inference_efficiency_monthly has these
-- months one by one, and forecasts: filter is_forecast there.
with

params as (

    select
        coalesce(date_trunc('month', cast(getvariable('month') as date)), max(period_start_date)) as month_date,
        coalesce(cast(getvariable('months') as integer), 3) as month_count
    from marts.gross_margin_monthly
    where dimension = 'all' and is_complete

),

entries as (

    select
        usage_date as day_date,
        customer_id,
        product_id,
        0 as ai_revenue_usd,
        inference_cost_usd
    from marts.fct_usage_daily

    union all

    select
        revenue_date as day_date,
        customer_id,
        product_id,
        ai_revenue_usd,
        0 as inference_cost_usd
    from marts.fct_revenue_daily

)

select
    entries.product_id,
    max(products.product_name) as product_name,
    max(products.ai_share_ratio) as ai_share_ratio,
    round(sum(entries.ai_revenue_usd), 6) as ai_revenue_usd,
    round(sum(entries.inference_cost_usd), 6) as inference_cost_usd,
    case
        when sum(entries.inference_cost_usd) > 0
            then round(sum(entries.ai_revenue_usd) / sum(entries.inference_cost_usd), 3)
    end as ier
from entries
inner join params
    on
        date_trunc('month', entries.day_date) <= params.month_date
        and date_trunc('month', entries.day_date) > params.month_date - to_months(params.month_count)
inner join marts.dim_customers as customers
    on entries.customer_id = customers.customer_id
left join marts.dim_products as products
    on entries.product_id = products.product_id
where not customers.is_internal
group by entries.product_id
order by
    ier asc nulls last,
    entries.product_id asc
