-- What do customers cost who pay nothing?
--
-- Parameters: month, any day of it (the last complete month).
-- Read it: a row is a segment. Free are customers without revenue in the month; free_cost_ratio is their part of the
-- segment's AI cost. Row all is the company.
-- Traps: plan is no test of paying: a paid plan may be refunded, a free one pay for metered use; has_no_revenue asks
-- the money. A month of metered use not invoiced yet has no revenue either: is_revenue_complete says so. Margins hold
-- this cost; loaded CAC counts a part of it again: never add the two. Nobody's cost (unattributed) is not free use:
-- left out here, and so is internal use.
with

params as (

    select coalesce(date_trunc('month', cast(getvariable('month') as date)), max(period_start_date)) as month_date
    from marts.gross_margin_monthly
    where dimension = 'all' and is_complete

),

margins as (

    select
        customers.segment,
        customer_margins.has_no_revenue,
        customer_margins.successful_inference_count,
        customer_margins.ai_cost_usd,
        customer_margins.is_revenue_complete
    from marts.customer_margins_monthly as customer_margins
    inner join params
        on customer_margins.period_start_date = params.month_date
    inner join marts.dim_customers as customers
        on customer_margins.customer_id = customers.customer_id
    where customer_margins.customer_id <> 'unattributed' and not customers.is_internal

),

segments as (

    select * from margins

    union all

    select
        'all' as segment,
        has_no_revenue,
        successful_inference_count,
        ai_cost_usd,
        is_revenue_complete
    from margins

)

select
    segment,
    count(*) as customer_count,
    count(*) filter (where has_no_revenue) as free_customer_count,
    cast(coalesce(sum(successful_inference_count) filter (where has_no_revenue), 0) as bigint)
        as free_inference_count,
    round(sum(ai_cost_usd), 6) as ai_cost_usd,
    round(coalesce(sum(ai_cost_usd) filter (where has_no_revenue), 0), 6) as free_cost_usd,
    round(
        coalesce(sum(ai_cost_usd) filter (where has_no_revenue), 0) / nullif(sum(ai_cost_usd), 0), 4
    ) as free_cost_ratio,
    bool_and(is_revenue_complete) as is_revenue_complete
from segments
group by segment
order by
    free_cost_usd desc,
    segment asc
