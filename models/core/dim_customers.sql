-- Customers: the accounts of the CRM after merges, everyone calls, Stripe, accruals and bills name, and the two that
-- are nobody's account: unattributed (no customer known) and internal (calls outside production).
-- Grain: one row per customer_id. Attributes are those of as_of_date; the plan of another day is in dim_customer_plans.
with

accounts as (

    select * from {{ ref('int_accounts') }}

),

used as (

    select distinct customer_id
    from {{ ref('fct_usage_daily') }}

),

-- A customer may have several Stripe customers; the first name in order stands for all.
billed as (

    select
        customer_id,
        min(customer_name) as customer_name
    from {{ ref('int_stripe_customers_resolved') }}
    group by customer_id

),

supported as (

    select distinct customer_id
    from {{ ref('int_other_cogs_daily') }}

),

accrued as (

    select distinct customer_id
    from {{ ref('int_revenue_accruals_counted') }}

),

plans as (

    select
        plans_daily.customer_id,
        plans_daily.plan
    from {{ ref('int_customer_plans_daily') }} as plans_daily
    inner join {{ ref('int_as_of_date') }} as as_of
        on plans_daily.plan_date = as_of.as_of_date

),

paying as (

    select
        customer_id,
        min(paying_date) as first_paid_date
    from {{ ref('int_customers_paying_daily') }}
    group by customer_id

),

named as (

    select customer_id from accounts

    union

    select customer_id from used

    union

    select customer_id from billed

    union

    select customer_id from supported

    union

    select customer_id from accrued

    union

    select nobody.customer_id
    from (values ('unattributed'), ('internal')) as nobody (customer_id)

),

final as (

    select
        named.customer_id,
        coalesce(accounts.customer_name, billed.customer_name, named.customer_id) as customer_name,
        {{ dimension_word('accounts.segment') }} as segment,
        coalesce(plans.plan, {{ plan_word('accounts.plan') }}) as plan,
        {{ plan_word('accounts.plan') }} as crm_plan,
        {{ dimension_word('accounts.business_model') }} as business_model,
        {{ dimension_word('accounts.acquisition_motion') }} as acquisition_motion,
        {{ dimension_word('accounts.acquisition_channel') }} as acquisition_channel,
        accounts.seats,
        accounts.signed_up_date,
        paying.first_paid_date,
        accounts.churned_date,
        named.customer_id = 'internal' or coalesce(accounts.is_internal, false) as is_internal,
        accounts.customer_id is not null as is_in_crm
    from named
    left join accounts
        on named.customer_id = accounts.customer_id
    left join billed
        on named.customer_id = billed.customer_id
    left join plans
        on named.customer_id = plans.customer_id
    left join paying
        on named.customer_id = paying.customer_id

)

select * from final
