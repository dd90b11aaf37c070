-- What each cause changed in the cost and the revenue of a customer's month since the previous release.
-- Grain: one row per customer_id, period_start_date and cause that changed either.
with

reported as (

    select * from {{ ref('int_costs_reported') }}

),

calls as (

    select * from {{ ref('int_calls_restated') }}

),

bills as (

    select * from {{ ref('int_bills_restated') }}

),

revenue as (

    select * from {{ ref('int_revenue_restated') }}

),

parts as (

    select
        customer_id,
        period_start_date,
        'crm' as cause,
        {{ money('-ai_cost_usd') }} as change_usd,
        {{ money('0') }} as revenue_change_usd
    from reported
    where customer_id <> today_customer_id

    union all

    select
        today_customer_id as customer_id,
        period_start_date,
        'crm' as cause,
        ai_cost_usd as change_usd,
        {{ money('0') }} as revenue_change_usd
    from reported
    where customer_id <> today_customer_id

    union all

    select
        customer_id,
        period_start_date,
        calls_cause as cause,
        {{ money('computed_at_reported_prices_usd - reported_computed_cost_usd') }} as change_usd,
        {{ money('0') }} as revenue_change_usd
    from calls

    union all

    select
        customer_id,
        period_start_date,
        'price' as cause,
        {{ money('computed_cost_usd - computed_at_reported_prices_usd') }} as change_usd,
        {{ money('0') }} as revenue_change_usd
    from calls

    union all

    select
        customer_id,
        period_start_date,
        cause,
        change_usd,
        {{ money('0') }} as revenue_change_usd
    from bills

    union all

    select
        customer_id,
        period_start_date,
        cause,
        {{ money('0') }} as change_usd,
        change_usd as revenue_change_usd
    from revenue

),

summed as (

    select
        customer_id,
        period_start_date,
        cause,
        {{ cost_sum('change_usd') }} as change_usd,
        {{ cost_sum('revenue_change_usd') }} as revenue_change_usd
    from parts
    group by
        customer_id,
        period_start_date,
        cause

),

final as (

    select
        customer_id,
        period_start_date,
        cause,
        change_usd,
        revenue_change_usd
    from summed
    where
        change_usd <> 0
        or revenue_change_usd <> 0

)

select * from final
