-- Seats of the customers that cost something in a month, by the groups that active users are told by.
-- Grain: one row per period_start_date, dimension (all, plan, segment, signup_cohort) and dimension_value.
-- Seats are today's, as the CRM states them; a customer without stays out, with its cost. Internal accounts too.
{% set dimensions = {
    'all': "'all'", 'plan': 'plan', 'segment': 'segment', 'signup_cohort': 'signup_cohort',
} %}
with

economics as (

    select * from {{ ref('int_unit_economics_daily') }}
    where not is_internal and seats > 0 and ai_cost_usd <> 0

),

-- A customer's seats count once in each value.
holders as (

    {% for dimension, expression in dimensions.items() %}
    select distinct
        month_date as period_start_date,
        '{{ dimension }}' as dimension,
        {{ expression }} as dimension_value,
        customer_id,
        seats
    from economics
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

final as (

    select
        period_start_date,
        dimension,
        dimension_value,
        cast(sum(seats) as bigint) as seat_count
    from holders
    group by
        period_start_date,
        dimension,
        dimension_value

)

select * from final
