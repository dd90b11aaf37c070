-- What each customer paid, what AI earned of it, and what serving the customer cost, by month.
-- Grain: one row per period_start_date and customer_id with calls, revenue or COGS, unattributed and internal included.
-- Ratios are sum over sum: for a group of customers recompute them, never average them.
with

margins as (

    select * from {{ ref('int_customer_margins') }}
    where period_grain = 'month'

),

begun as (

    -- No period after as_of_date has a row.
    select
        margins.*,
        coalesce(customers.customer_name, margins.customer_id) as customer_name,
        coalesce(customers.is_internal, false) as is_internal,
        {{ is_complete('margins.period_start_date', 'month') }} as is_complete
    from margins
    inner join {{ ref('int_as_of_date') }} as as_of
        on margins.period_start_date <= as_of.as_of_date
    left join {{ ref('dim_customers') }} as customers
        on margins.customer_id = customers.customer_id

),

final as (

    select
        period_start_date,
        customer_id,
        customer_name,
        is_internal,
        call_count,
        unpriced_call_count,
        successful_inference_count,
        revenue_usd,
        ai_revenue_usd,
        inference_cost_usd,
        ai_cost_usd,
        other_cogs_usd,
        gross_profit_usd,
        revenue_per_inference_usd,
        cost_per_inference_usd,
        inference_margin_ratio,
        gross_margin_ratio,
        unpriced_ratio,
        cost_status,
        has_negative_margin,
        is_loss_making,
        has_no_revenue,
        is_complete,
        is_revenue_complete
    from begun

)

select * from final
