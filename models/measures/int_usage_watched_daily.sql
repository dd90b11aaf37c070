-- What is watched for a day that stands out: use and computed cost of customers, users and features.
-- Grain: one row per usage_date, dimension (customer, user, feature) and dimension_value with calls.
-- Internal use is left out, but for the dimension customer (decisions.md, Internal use). Never add dimensions up.
{{ config(materialized='table') }}
with

customers as (

    select * from {{ ref('dim_customers') }}

),

entries as (

    select
        usage_date,
        'customer' as dimension,
        customer_id as dimension_value,
        customer_id,
        call_count,
        inference_count,
        unpriced_call_count,
        computed_cost_usd
    from {{ ref('fct_usage_daily') }}

    union all

    select
        users_daily.usage_date,
        'user' as dimension,
        -- Slashes in the customer's id are doubled: no two users read alike.
        replace(users_daily.customer_id, '/', '//') || ' / ' || users_daily.user_id as dimension_value,
        users_daily.customer_id,
        users_daily.call_count,
        users_daily.inference_count,
        users_daily.unpriced_call_count,
        users_daily.computed_cost_usd
    from {{ ref('int_users_daily') }} as users_daily
    inner join customers
        on users_daily.customer_id = customers.customer_id
    where users_daily.user_id is not null and not customers.is_internal

    union all

    select
        usage_daily.usage_date,
        'feature' as dimension,
        usage_daily.feature as dimension_value,
        'all' as customer_id,
        usage_daily.call_count,
        usage_daily.inference_count,
        usage_daily.unpriced_call_count,
        usage_daily.computed_cost_usd
    from {{ ref('fct_usage_daily') }} as usage_daily
    inner join customers
        on usage_daily.customer_id = customers.customer_id
    where not customers.is_internal

),

final as (

    select
        usage_date,
        dimension,
        dimension_value,
        customer_id,
        {{ token_sum('call_count') }} as call_count,
        {{ token_sum('inference_count') }} as inference_count,
        {{ token_sum('unpriced_call_count') }} as unpriced_call_count,
        {{ cost_sum('computed_cost_usd') }} as computed_cost_usd
    from entries
    -- A bill that no call carries is no use.
    where call_count > 0
    group by
        usage_date,
        dimension,
        dimension_value,
        customer_id

)

select * from final
