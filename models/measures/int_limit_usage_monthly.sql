-- What customers used in a month of what their plan allows, and when they went above it.
-- Grain: one row per period_start_date, customer_id and feature: `all` for every customer with calls, and each feature
-- that the plan limits, also without a call of it. decisions.md, Plan limits.
-- Plan and limits are those of the month's last day, at most as_of_date; a breach is of the limit of its own day.
{{ config(materialized='table') }}
with

limits as (

    select * from {{ ref('int_plan_limits_dated') }}

),

usage_monthly as (

    select
        period_start_date,
        customer_id,
        feature,
        {{ token_sum('call_count') }} as call_count,
        {{ token_sum('unpriced_call_count') }} as unpriced_call_count,
        {{ token_sum('tokens') }} as tokens,
        {{ cost_sum('cost_usd') }} as cost_usd,
        min(case when is_above_soft_limit then usage_date end) as soft_breach_date,
        min(case when is_above_hard_limit then usage_date end) as hard_breach_date
    from {{ ref('int_limit_usage_daily') }}
    group by
        period_start_date,
        customer_id,
        feature

),

customer_months as (

    select
        usage_monthly.period_start_date,
        usage_monthly.customer_id,
        least(
            cast({{ dbt.dateadd('day', -1, dbt.dateadd('month', 1, 'usage_monthly.period_start_date')) }} as date),
            as_of.as_of_date
        ) as plan_date
    from usage_monthly
    -- No period after as_of_date has a row.
    inner join {{ ref('int_as_of_date') }} as as_of
        on usage_monthly.period_start_date <= as_of.as_of_date
    where usage_monthly.feature = 'all'

),

planned as (

    select
        customer_months.period_start_date,
        customer_months.customer_id,
        customer_months.plan_date,
        coalesce(plans.plan, customers.crm_plan) as plan,
        lower(trim(coalesce(plans.plan, customers.crm_plan))) as plan_key
    from customer_months
    inner join {{ ref('dim_customers') }} as customers
        on customer_months.customer_id = customers.customer_id
    left join {{ ref('dim_customer_plans') }} as plans
        on
            customer_months.customer_id = plans.customer_id
            and customer_months.plan_date >= plans.valid_from_date
            and (plans.valid_to_date is null or customer_months.plan_date < plans.valid_to_date)

),

features as (

    select
        *,
        'all' as feature
    from planned

    union all

    select
        planned.*,
        limits.feature
    from planned
    inner join limits
        on
            planned.plan_key = limits.plan_key
            and planned.plan_date >= limits.valid_from_date
            and (limits.valid_to_date is null or planned.plan_date < limits.valid_to_date)
    where limits.feature <> 'all' and limits.is_limited

),

final as (

    select
        features.period_start_date,
        features.customer_id,
        features.feature,
        features.plan,
        features.plan_key,
        coalesce(usage_monthly.call_count, 0) as call_count,
        coalesce(usage_monthly.unpriced_call_count, 0) as unpriced_call_count,
        coalesce(usage_monthly.tokens, 0) as tokens,
        {{ money('coalesce(usage_monthly.cost_usd, 0)') }} as cost_usd,
        limits.monthly_price_usd,
        limits.soft_limit_tokens,
        limits.hard_limit_tokens,
        limits.soft_limit_usd,
        limits.hard_limit_usd,
        coalesce(limits.is_limited, false) as is_limited,
        {% for limit in ['tokens', 'usd'] -%}
        case
            when usage_monthly.hard_breach_date is not null then breached.hard_limit_{{ limit }}
            when usage_monthly.soft_breach_date is not null then breached.soft_limit_{{ limit }}
        end as breached_limit_{{ limit }},
        {% endfor -%}
        usage_monthly.soft_breach_date,
        usage_monthly.hard_breach_date
    from features
    left join usage_monthly
        on
            features.period_start_date = usage_monthly.period_start_date
            and features.customer_id = usage_monthly.customer_id
            and features.feature = usage_monthly.feature
    left join limits
        on
            features.plan_key = limits.plan_key
            and features.feature = limits.feature
            and features.plan_date >= limits.valid_from_date
            and (limits.valid_to_date is null or features.plan_date < limits.valid_to_date)
    -- The day of the breach may be one of another plan.
    left join {{ ref('int_limit_usage_daily') }} as breached
        on
            usage_monthly.customer_id = breached.customer_id
            and usage_monthly.feature = breached.feature
            and coalesce(usage_monthly.hard_breach_date, usage_monthly.soft_breach_date) = breached.usage_date

)

select * from final
