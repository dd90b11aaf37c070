-- Gross margin of the customers by tenths of use, as margin_signals_monthly cuts them: customers with revenue, ties by id.
-- Grain: one row per usage_decile of the month shown.
with

customers as (

    select
        margins.successful_inference_count,
        margins.revenue_usd,
        margins.gross_profit_usd,
        ntile(10) over (
            order by margins.successful_inference_count asc nulls last, margins.customer_id asc nulls last
        ) as usage_decile
    from marts.customer_margins_monthly as margins
    inner join page_dates
        on margins.period_start_date = page_dates.month_date
    inner join marts.dim_customers as dim_customers
        on margins.customer_id = dim_customers.customer_id
    where margins.revenue_usd > 0 and not dim_customers.is_internal and margins.customer_id <> 'unattributed'

)

select
    usage_decile,
    count(*) as customer_count,
    cast(sum(successful_inference_count) as bigint) as successful_inference_count,
    cast(sum(revenue_usd) as double) as revenue_usd,
    cast(sum(gross_profit_usd) as double) as gross_profit_usd,
    cast(sum(gross_profit_usd) as double) / cast(sum(revenue_usd) as double) as gross_margin_ratio
from customers
group by usage_decile
order by usage_decile asc nulls last
