-- Monthly recurring revenue at the end of each month: recurring lines of its last day × 365 ÷ 12, with the plan of
-- that day.
-- Grain: one row per period_start_date and customer_id with recurring revenue that day; months over at as_of_date only.
-- A small table: planned once, not again by every reader.
{{ config(materialized='table') }}
with

as_of as (

    select * from {{ ref('int_as_of_date') }}

),

months as (

    select
        month_start_date,
        max(date_day) as last_date
    from {{ ref('dim_dates') }}
    group by month_start_date

),

-- dim_dates ends on some day: only a month whose next day begins another is whole.
whole_months as (

    select
        months.month_start_date,
        months.last_date
    from months
    inner join as_of
        on months.last_date <= as_of.as_of_date
    where
        cast({{ dbt.dateadd('day', 1, 'months.last_date') }} as date)
        = cast({{ dbt.dateadd('month', 1, 'months.month_start_date') }} as date)

),

recurring as (

    select
        whole_months.month_start_date as period_start_date,
        whole_months.last_date,
        lines.customer_id,
        {{ cost_sum('lines.revenue_usd') }} as last_day_revenue_usd
    from {{ ref('int_revenue_lines_daily') }} as lines
    inner join whole_months
        on lines.revenue_date = whole_months.last_date
    where lines.is_recurring
    group by
        whole_months.month_start_date,
        whole_months.last_date,
        lines.customer_id

)

select
    recurring.period_start_date,
    recurring.customer_id,
    coalesce(plans_daily.plan, customers.crm_plan) as plan,
    customers.segment,
    customers.is_internal,
    {{ ratio('recurring.last_day_revenue_usd * 365', '12') }} as mrr_usd
from recurring
inner join {{ ref('dim_customers') }} as customers
    on recurring.customer_id = customers.customer_id
left join {{ ref('int_customer_plans_daily') }} as plans_daily
    on
        recurring.customer_id = plans_daily.customer_id
        and recurring.last_date = plans_daily.plan_date
where recurring.last_day_revenue_usd <> 0
