-- Monthly recurring revenue of each customer at the end of each week and month that is over, with the plan of that day.
-- Grain: one row per period_grain (week, month), period_start_date and customer_id with recurring revenue.
-- At the last day's rate, and again at that of the last day before: what only the rate moved is no expansion.
{{ config(materialized='table') }}
with

amounts as (

    select * from {{ ref('int_customer_mrr_by_currency') }}

),

plans as (

    select * from {{ ref('dim_customer_plans') }}

),

customers_monthly as (

    select
        period_grain,
        period_start_date,
        last_date,
        customer_id,
        {{ cost_sum(converted('mrr_amount', 'usd_per_unit')) }} as mrr_usd,
        {{ cost_sum(converted('mrr_amount', 'usd_per_unit_before')) }} as mrr_at_rates_before_usd
    from amounts
    group by
        period_grain,
        period_start_date,
        last_date,
        customer_id

),

final as (

    select
        customers_monthly.period_grain,
        customers_monthly.period_start_date,
        customers_monthly.customer_id,
        coalesce(plans.plan, customers.crm_plan) as plan,
        customers.segment,
        customers.is_internal,
        customers_monthly.mrr_usd,
        customers_monthly.mrr_at_rates_before_usd
    from customers_monthly
    inner join {{ ref('dim_customers') }} as customers
        on customers_monthly.customer_id = customers.customer_id
    left join plans
        on
            customers_monthly.customer_id = plans.customer_id
            and customers_monthly.last_date >= plans.valid_from_date
            and (plans.valid_to_date is null or customers_monthly.last_date < plans.valid_to_date)
    where customers_monthly.mrr_usd <> 0

)

select * from final
