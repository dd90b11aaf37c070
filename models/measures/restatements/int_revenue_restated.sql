-- What changed the revenue of a customer's month that was over at the previous release: whose it is, or billing.
-- Grain: one row per customer_id, period_start_date and cause.
with

reported as (

    select * from {{ ref('int_revenue_reported') }}

),

released as (

    select * from {{ ref('int_revenue_released') }}

),

-- Months over at the release and today; no row before the first release.
as_of as (

    select distinct least(today.as_of_date, reported.reported_to_date) as as_of_date
    from reported
    cross join {{ ref('int_as_of_date') }} as today

),

parts as (

    select
        customer_id,
        period_start_date,
        'crm' as cause,
        {{ money('-revenue_usd') }} as change_usd
    from reported
    where customer_id <> today_customer_id

    union all

    select
        today_customer_id as customer_id,
        period_start_date,
        'crm' as cause,
        revenue_usd as change_usd
    from reported
    where customer_id <> today_customer_id

    union all

    select
        today_customer_id as customer_id,
        period_start_date,
        'billing' as cause,
        {{ money('-revenue_usd') }} as change_usd
    from reported

    union all

    select
        customer_id,
        period_start_date,
        'billing' as cause,
        revenue_usd as change_usd
    from released

),

summed as (

    select
        parts.customer_id,
        parts.period_start_date,
        parts.cause,
        {{ cost_sum('parts.change_usd') }} as change_usd
    from parts
    cross join as_of
    where {{ is_complete('parts.period_start_date', 'month') }}
    group by
        parts.customer_id,
        parts.period_start_date,
        parts.cause

),

final as (

    select
        customer_id,
        period_start_date,
        cause,
        change_usd
    from summed
    where change_usd <> 0

)

select * from final
