-- Paying customers that cost more than they pay.
-- Grain: one row per customer under water in the last complete month.
-- Customers without revenue are not here: a free tier is meant to cost, and its limits have alerts of their own.
with

margins as (

    select
        margins_monthly.*,
        kinds.kind,
        cast(coalesce(kinds.threshold, 0) as decimal(28, 12)) as threshold,
        max(margins_monthly.period_start_date) over () as last_month_date
    from {{ ref('customer_margins_monthly') }} as margins_monthly
    inner join {{ ref('dim_customers') }} as customers
        on margins_monthly.customer_id = customers.customer_id
    inner join {{ ref('alert_kinds') }} as kinds
        on
            kinds.kind = 'customer_under_water'
            and kinds.is_on
    where
        margins_monthly.is_complete
        and not customers.is_internal
        and margins_monthly.customer_id <> 'unattributed'

),

under_water as (

    -- Use that is not invoiced yet is no loss.
    select
        *,
        {{ unbroken_run('period_start_date', 'month', ['customer_id']) }} as run_number
    from margins
    where
        gross_margin_ratio < threshold
        and is_revenue_complete

),

dated as (

    select
        *,
        min(period_start_date) over (partition by customer_id, run_number) as since_date
    from under_water

),

final as (

    select
        kind,
        'customer' as subject_kind,
        customer_id as subject,
        since_date,
        gross_margin_ratio as value,
        threshold,
        'ratio' as unit,
        {{ money('-1 * gross_profit_usd') }} as dollars_usd
    from dated
    where period_start_date = last_month_date

)

select * from final
