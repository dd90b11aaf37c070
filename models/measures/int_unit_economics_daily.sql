-- What each customer brought in and cost, by day and product, with what it is asked by.
-- Grain: one row per usage_date, customer_id and product_id with calls, revenue or other COGS.
-- The plan is that of the day; segment and business model are today's. Internal use is in here: metrics leave it out.
{{ config(materialized='table') }}
with

entries as (

    select
        usage_date,
        customer_id,
        product_id,
        call_count,
        inference_count,
        successful_inference_count,
        unpriced_call_count,
        inference_cost_usd,
        ai_cost_usd,
        {{ money('0') }} as revenue_usd,
        {{ money('0') }} as ai_revenue_usd,
        {{ money('0') }} as other_cogs_usd,
        cost_status
    from {{ ref('fct_usage_daily') }}

    union all

    select
        revenue_date as usage_date,
        customer_id,
        product_id,
        cast(0 as bigint) as call_count,
        cast(0 as bigint) as inference_count,
        cast(0 as bigint) as successful_inference_count,
        cast(0 as bigint) as unpriced_call_count,
        {{ money('0') }} as inference_cost_usd,
        {{ money('0') }} as ai_cost_usd,
        revenue_usd,
        ai_revenue_usd,
        {{ money('0') }} as other_cogs_usd,
        cast(null as string) as cost_status
    from {{ ref('fct_revenue_daily') }}

    union all

    select
        usage_date,
        customer_id,
        product_id,
        cast(0 as bigint) as call_count,
        cast(0 as bigint) as inference_count,
        cast(0 as bigint) as successful_inference_count,
        cast(0 as bigint) as unpriced_call_count,
        {{ money('0') }} as inference_cost_usd,
        {{ money('0') }} as ai_cost_usd,
        {{ money('0') }} as revenue_usd,
        {{ money('0') }} as ai_revenue_usd,
        other_cogs_usd,
        cast(null as string) as cost_status
    from {{ ref('int_other_cogs_daily') }}

),

daily as (

    select
        usage_date,
        customer_id,
        product_id,
        {{ economics_sums() }}
    from entries
    group by
        usage_date,
        customer_id,
        product_id

),

final as (

    select
        daily.usage_date,
        cast({{ dbt.date_trunc('month', 'daily.usage_date') }} as date) as month_date,
        daily.customer_id,
        daily.product_id,
        coalesce(plans.plan, customers.crm_plan) as plan,
        customers.segment,
        customers.business_model,
        customers.is_internal,
        customers.seats,
        coalesce(
            cast(cast({{ dbt.date_trunc('month', 'customers.signed_up_date') }} as date) as string), 'unattributed'
        ) as signup_cohort,
        incomplete.customer_id is null as is_revenue_complete,
        daily.call_count,
        daily.inference_count,
        daily.successful_inference_count,
        daily.unpriced_call_count,
        daily.revenue_usd,
        daily.ai_revenue_usd,
        daily.inference_cost_usd,
        daily.ai_cost_usd,
        daily.other_cogs_usd,
        daily.cost_status
    from daily
    inner join {{ ref('dim_customers') }} as customers
        on daily.customer_id = customers.customer_id
    left join {{ ref('dim_customer_plans') }} as plans
        on
            daily.customer_id = plans.customer_id
            and daily.usage_date >= plans.valid_from_date
            and (plans.valid_to_date is null or daily.usage_date < plans.valid_to_date)
    left join {{ ref('int_revenue_incomplete_monthly') }} as incomplete
        on
            daily.customer_id = incomplete.customer_id
            and cast({{ dbt.date_trunc('month', 'daily.usage_date') }} as date) = incomplete.period_start_date

)

select * from final
