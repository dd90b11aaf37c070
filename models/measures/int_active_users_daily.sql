-- Who used the product each day: every user of a customer with an inference, delivered or not. Calls without a user
-- are one user per customer. Internal use is left out.
-- Grain: one row per usage_date, customer_id and user_id (null where none is logged).
{{ config(materialized='table') }}
with

users as (

    select
        usage_date,
        customer_id,
        user_id
    from {{ ref('int_users_daily') }}
    where inference_count > 0

),

final as (

    select
        users.usage_date,
        users.customer_id,
        users.user_id,
        coalesce(plans.plan, customers.crm_plan) as plan,
        customers.segment,
        coalesce(
            cast(cast({{ dbt.date_trunc('month', 'customers.signed_up_date') }} as date) as string), 'unattributed'
        ) as signup_cohort
    from users
    inner join {{ ref('dim_customers') }} as customers
        on users.customer_id = customers.customer_id
    left join {{ ref('dim_customer_plans') }} as plans
        on
            users.customer_id = plans.customer_id
            and users.usage_date >= plans.valid_from_date
            and (plans.valid_to_date is null or users.usage_date < plans.valid_to_date)
    where not customers.is_internal

)

select * from final
