-- What an active user costs and brings in, and what a seat costs.
-- Grain: one row per period_start_date, dimension (all, plan, segment, signup_cohort) and dimension_value.
-- A user who changes plan in mid-month is active in both: never add users up over plans or months.
{% set dimensions = {
    'all': "'all'", 'plan': 'plan', 'segment': 'segment', 'signup_cohort': 'signup_cohort',
} %}
with

users as (

    select
        *,
        cast({{ dbt.date_trunc('month', 'usage_date') }} as date) as period_start_date
    from {{ ref('int_active_users_daily') }}

),

economics as (

    select * from {{ ref('int_unit_economics_daily') }}
    where not is_internal

),

{% for dimension, expression in dimensions.items() %}
users_by_{{ dimension }} as (

    select distinct
        period_start_date,
        '{{ dimension }}' as dimension,
        {{ expression }} as dimension_value,
        customer_id,
        user_id
    from users

),

economics_by_{{ dimension }} as (

    select
        month_date as period_start_date,
        '{{ dimension }}' as dimension,
        {{ expression }} as dimension_value,
        {{ cost_sum('ai_cost_usd', "customer_id = 'unattributed'") }} as unattributed_cost_usd,
        {{ cost_sum('ai_cost_usd', 'seats > 0') }} as seated_cost_usd,
        {{ all_revenue_complete() }} as is_revenue_complete,
        {{ economics_sums() }}
    from economics
    group by
        month_date,
        {{ expression }}

),

{% endfor %}
active as (

    {% for dimension in dimensions %}
    select
        period_start_date,
        dimension,
        dimension_value,
        count(*) as active_user_count
    from users_by_{{ dimension }}
    group by
        period_start_date,
        dimension,
        dimension_value
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

summed as (

    {% for dimension in dimensions %}
    select * from economics_by_{{ dimension }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

joined as (

    -- Every inference is a call: whoever is active has a row of economics.
    select
        summed.*,
        cast(coalesce(active.active_user_count, 0) as bigint) as active_user_count,
        cast(coalesce(seated.seat_count, 0) as bigint) as seat_count,
        {{ money('summed.revenue_usd - summed.ai_cost_usd - summed.other_cogs_usd') }} as gross_profit_usd,
        {{ is_complete('summed.period_start_date', 'month') }} as is_complete
    from summed
    -- No period after as_of_date has a row.
    inner join {{ ref('int_as_of_date') }} as as_of
        on summed.period_start_date <= as_of.as_of_date
    left join active
        on {{ same_keys('summed', 'active', ['period_start_date', 'dimension', 'dimension_value']) }}
    left join {{ ref('int_seats_monthly') }} as seated
        on {{ same_keys('summed', 'seated', ['period_start_date', 'dimension', 'dimension_value']) }}

),

final as (

    select
        period_start_date,
        dimension,
        dimension_value,
        active_user_count,
        call_count,
        unpriced_call_count,
        ai_cost_usd,
        ai_revenue_usd,
        revenue_usd,
        other_cogs_usd,
        gross_profit_usd,
        seat_count,
        seated_cost_usd,
        {{ ratio('seated_cost_usd', 'seat_count') }} as cost_per_seat_usd,
        {{ ratio('ai_cost_usd', 'active_user_count') }} as cost_per_active_user_usd,
        {{ ratio('ai_revenue_usd', 'active_user_count') }} as revenue_per_active_user_usd,
        {{ ratio('gross_profit_usd', 'active_user_count') }} as margin_per_active_user_usd,
        {{ ratio('unpriced_call_count', 'call_count') }} as unpriced_ratio,
        {{ ratio('unattributed_cost_usd', 'ai_cost_usd') }} as unattributed_ratio,
        cost_status,
        gross_profit_usd < 0 as is_loss_making,
        is_complete,
        is_revenue_complete
    from joined

)

select * from final
