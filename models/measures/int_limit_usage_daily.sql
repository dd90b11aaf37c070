-- What customers used of what their plan allows, day by day: the month to date beside the limits of that day.
-- Grain: one row per usage_date, customer_id and feature (`all`, and each that any plan limits) with calls.
-- Neither internal use nor unattributed: nobody has a plan there. Cost is computed: a late bill moves no past breach.
{{ config(materialized='table') }}
with

limits as (

    select * from {{ ref('int_plan_limits_dated') }}

),

usage_rows as (

    select
        usage_daily.usage_date,
        cast({{ dbt.date_trunc('month', 'usage_daily.usage_date') }} as date) as period_start_date,
        usage_daily.customer_id,
        usage_daily.feature,
        customers.crm_plan,
        usage_daily.call_count,
        usage_daily.unpriced_call_count,
        usage_daily.uncached_input_tokens + usage_daily.cache_read_tokens + usage_daily.cache_write_5m_tokens
        + usage_daily.cache_write_1h_tokens + usage_daily.output_tokens as tokens,
        usage_daily.computed_cost_usd
    from {{ ref('fct_usage_daily') }} as usage_daily
    inner join {{ ref('dim_customers') }} as customers
        on usage_daily.customer_id = customers.customer_id
    -- A bill that no call carries is no use.
    where usage_daily.call_count > 0 and not customers.is_internal and usage_daily.customer_id <> 'unattributed'

),

entries as (

    select
        *,
        'all' as limited_feature
    from usage_rows

    union all

    select
        *,
        feature as limited_feature
    from usage_rows
    where feature in (select limits.feature from limits)

),

daily as (

    select
        usage_date,
        period_start_date,
        customer_id,
        limited_feature as feature,
        crm_plan,
        {{ token_sum('call_count') }} as call_count,
        {{ token_sum('unpriced_call_count') }} as unpriced_call_count,
        {{ token_sum('tokens') }} as tokens,
        {{ cost_sum('computed_cost_usd') }} as cost_usd
    from entries
    group by
        usage_date,
        period_start_date,
        customer_id,
        limited_feature,
        crm_plan

),

{% set month_to_date %} over (
            partition by customer_id, feature, period_start_date
            order by usage_date asc nulls last
            rows between unbounded preceding and current row
        ){% endset %}
cumulated as (

    select
        *,
        cast(sum(tokens){{ month_to_date }} as bigint) as month_to_date_tokens,
        {{ money('sum(cost_usd)' ~ month_to_date) }} as month_to_date_cost_usd
    from daily

),

final as (

    select
        cumulated.usage_date,
        cumulated.period_start_date,
        cumulated.customer_id,
        cumulated.feature,
        coalesce(plans.plan, cumulated.crm_plan) as plan,
        cumulated.call_count,
        cumulated.unpriced_call_count,
        cumulated.tokens,
        cumulated.month_to_date_tokens,
        cumulated.cost_usd,
        cumulated.month_to_date_cost_usd,
        limits.soft_limit_tokens,
        limits.hard_limit_tokens,
        limits.soft_limit_usd,
        limits.hard_limit_usd,
        {% for kind in ['soft', 'hard'] -%}
        coalesce(
            cumulated.month_to_date_tokens > limits.{{ kind }}_limit_tokens
            or cumulated.month_to_date_cost_usd > limits.{{ kind }}_limit_usd,
            false
        ) as is_above_{{ kind }}_limit{{ ',' if not loop.last }}
        {% endfor %}
    from cumulated
    left join {{ ref('dim_customer_plans') }} as plans
        on
            cumulated.customer_id = plans.customer_id
            and cumulated.usage_date >= plans.valid_from_date
            and (plans.valid_to_date is null or cumulated.usage_date < plans.valid_to_date)
    left join limits
        on
            lower(trim(coalesce(plans.plan, cumulated.crm_plan))) = limits.plan_key
            and cumulated.feature = limits.feature
            and cumulated.usage_date >= limits.valid_from_date
            and (limits.valid_to_date is null or cumulated.usage_date < limits.valid_to_date)

)

select * from final
