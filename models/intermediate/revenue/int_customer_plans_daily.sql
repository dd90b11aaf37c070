-- The plan a customer is billed for, by day: the name of the price of its largest recurring line that day.
-- Grain: one row per customer_id and plan_date. A day without a row has the plan of the CRM.
-- A credit line is no plan: negative lines are left out.
{{ config(materialized='table') }}
with

ranked as (

    select
        customer_id,
        revenue_date as plan_date,
        plan,
        row_number() over (
            partition by
                customer_id,
                revenue_date
            order by revenue_usd desc nulls last, invoice_line_id asc nulls last
        ) as line_rank
    from {{ ref('int_revenue_lines_daily') }}
    where is_recurring and net_amount >= 0

)

select
    customer_id,
    plan_date,
    {{ dimension_word('plan') }} as plan
from ranked
where line_rank = 1 and plan is not null
