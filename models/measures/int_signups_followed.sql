-- What became of each signup: whether it ever paid, whether it pays or is active 90 days later, what it cost unpaid.
-- Grain: one row per customer_id: accounts of the CRM that are neither internal nor merged away, with a signup date.
{{ config(materialized='table') }}
with

as_of as (

    select * from {{ ref('int_as_of_date') }}

),

signups as (

    select
        customer_id,
        acquisition_channel as channel,
        signed_up_date,
        cast({{ dbt.date_trunc('month', 'signed_up_date') }} as date) as cohort_month_date,
        cast({{ dbt.dateadd('day', 90, 'signed_up_date') }} as date) as day_90_date,
        first_paid_date is not null as has_paid
    from {{ ref('dim_customers') }}
    where is_in_crm and not is_internal and signed_up_date is not null

),

paying as (

    select * from {{ ref('int_customers_paying_daily') }}

),

economics as (

    select
        usage_date,
        customer_id,
        {{ economics_sums() }}
    from {{ ref('int_unit_economics_daily') }}
    group by
        usage_date,
        customer_id

),

followed as (

    select
        economics.customer_id,
        cast(
            {{ dbt.datediff('signups.signed_up_date', 'economics.usage_date', 'day') }}
        as bigint) as day_number,
        economics.successful_inference_count,
        economics.ai_cost_usd,
        {{ money('economics.revenue_usd - economics.ai_cost_usd - economics.other_cogs_usd') }} as gross_profit_usd,
        paying.paying_date is not null as is_paying
    from economics
    inner join signups
        on economics.customer_id = signups.customer_id
    left join paying
        on
            economics.customer_id = paying.customer_id
            and economics.usage_date = paying.paying_date
    -- Of later days nobody knows yet whether they are paid for.
    cross join as_of
    where economics.usage_date <= as_of.as_of_date

),

summed as (

    select
        customer_id,
        {{ token_sum('successful_inference_count', 'day_number between 84 and 90') }} as week_inference_count,
        {{ cost_sum('ai_cost_usd', 'day_number between 0 and 89 and not is_paying') }} as unpaid_ai_cost_usd,
        {{ cost_sum('gross_profit_usd', 'day_number between 61 and 90') }} as third_month_profit_usd
    from followed
    group by customer_id

),

final as (

    select
        signups.customer_id,
        signups.channel,
        signups.cohort_month_date,
        signups.signed_up_date,
        coalesce(signups.day_90_date <= as_of.as_of_date, false) as is_observed,
        signups.has_paid,
        paying.paying_date is not null as is_paying_survivor,
        coalesce(summed.week_inference_count, 0) > 0
        and coalesce(signups.day_90_date <= as_of.as_of_date, false) as is_active_survivor,
        {{ money('coalesce(summed.unpaid_ai_cost_usd, 0)') }} as unpaid_ai_cost_usd,
        {{ money('coalesce(summed.third_month_profit_usd, 0)') }} as third_month_profit_usd
    from signups
    cross join as_of
    left join paying
        on
            signups.customer_id = paying.customer_id
            and signups.day_90_date = paying.paying_date
    left join summed
        on signups.customer_id = summed.customer_id

)

select * from final
