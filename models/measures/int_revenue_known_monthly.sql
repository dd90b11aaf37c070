-- How much of a month's revenue is of customers whose metered use is billed or accrued, and whether that is enough.
-- Grain: one row per period_start_date with revenue, or with use that was not billed. Internal accounts are left out.
-- A customer whose use is missing counts with this month's revenue or that of one of the two months before, the largest:
-- what is missing would not be seen otherwise, nor in the second month of it.
with

customers as (

    select customer_id from {{ ref('dim_customers') }}
    where not is_internal

),

revenue as (

    select
        revenue_daily.customer_id,
        cast({{ dbt.date_trunc('month', 'revenue_daily.revenue_date') }} as date) as period_start_date,
        {{ cost_sum('revenue_daily.revenue_usd') }} as revenue_usd
    from {{ ref('fct_revenue_daily') }} as revenue_daily
    inner join customers
        on revenue_daily.customer_id = customers.customer_id
    group by
        revenue_daily.customer_id,
        cast({{ dbt.date_trunc('month', 'revenue_daily.revenue_date') }} as date)

),

incomplete as (

    select incomplete_monthly.*
    from {{ ref('int_revenue_incomplete_monthly') }} as incomplete_monthly
    inner join customers
        on incomplete_monthly.customer_id = customers.customer_id

),

weighed as (

    select
        revenue.period_start_date,
        revenue.revenue_usd as complete_revenue_usd,
        {{ money('0') }} as incomplete_revenue_usd
    from revenue
    left join incomplete
        on
            revenue.customer_id = incomplete.customer_id
            and revenue.period_start_date = incomplete.period_start_date
    where incomplete.customer_id is null

    union all

    select
        incomplete.period_start_date,
        {{ money('0') }} as complete_revenue_usd,
        {{ money('greatest(coalesce(max(revenue.revenue_usd), 0), 0)') }} as incomplete_revenue_usd
    from incomplete
    left join revenue
        on
            incomplete.customer_id = revenue.customer_id
            and revenue.period_start_date <= incomplete.period_start_date
            and revenue.period_start_date
            >= cast({{ dbt.dateadd('month', -2, 'incomplete.period_start_date') }} as date)
    group by
        incomplete.customer_id,
        incomplete.period_start_date

),

summed as (

    select
        period_start_date,
        {{ cost_sum('complete_revenue_usd') }} as complete_revenue_usd,
        {{ cost_sum('incomplete_revenue_usd') }} as incomplete_revenue_usd
    from weighed
    group by period_start_date

),

final as (

    select
        *,
        incomplete_revenue_usd
        <= (1 - {{ var('min_complete_revenue_ratio') }}) * (complete_revenue_usd + incomplete_revenue_usd)
            as is_known
    from summed

)

select * from final
