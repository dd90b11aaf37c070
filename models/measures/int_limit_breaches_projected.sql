-- When customers will be above their plan's limits, if the running month goes on as it went so far.
-- Grain: one row per period_start_date, customer_id and feature of the running month with a limit ahead.
-- Use a day so far × days of the month until a day to come, against the limit of that day; the plan stays.
with

running as (

    select
        usage_monthly.*,
        cast({{ dbt.datediff('usage_monthly.period_start_date', 'as_of.as_of_date', 'day') }} + 1 as decimal(5, 0))
            as elapsed_days
    from {{ ref('int_limit_usage_monthly') }} as usage_monthly
    inner join {{ ref('int_as_of_date') }} as as_of
        on cast({{ dbt.dateadd('month', 1, 'usage_monthly.period_start_date') }} as date) > as_of.as_of_date

),

digits as (

    select * from (values (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)) as names (digit)

),

numbers as (

    select cast(ones.digit + 10 * tens.digit as decimal(5, 0)) as day_number
    from digits as ones
    cross join digits as tens
    where ones.digit + 10 * tens.digit between 1 and 31

),

days_ahead as (

    select
        running.*,
        numbers.day_number,
        cast({{ dbt.dateadd('day', 'cast(numbers.day_number - 1 as int)', 'running.period_start_date') }} as date)
            as date_day
    from running
    inner join numbers
        on running.elapsed_days < numbers.day_number

),

projected as (

    select
        days_ahead.period_start_date,
        days_ahead.customer_id,
        days_ahead.feature,
        {% for kind in ['soft', 'hard'] -%}
        min(
            case
                when
                    days_ahead.{{ kind }}_breach_date is null
                    and (
                        cast(days_ahead.tokens as decimal(20, 0)) * days_ahead.day_number
                        > cast(limits.{{ kind }}_limit_tokens as decimal(20, 0)) * days_ahead.elapsed_days
                        or days_ahead.cost_usd * days_ahead.day_number
                        > limits.{{ kind }}_limit_usd * days_ahead.elapsed_days
                    )
                    then days_ahead.date_day
            end
        ) as projected_{{ kind }}_breach_date{{ ',' if not loop.last }}
        {% endfor %}
    from days_ahead
    inner join {{ ref('int_plan_limits_dated') }} as limits
        on
            days_ahead.plan_key = limits.plan_key
            and days_ahead.feature = limits.feature
            and days_ahead.date_day >= limits.valid_from_date
            and (limits.valid_to_date is null or days_ahead.date_day < limits.valid_to_date)
    -- Within the month.
    where days_ahead.date_day < cast({{ dbt.dateadd('month', 1, 'days_ahead.period_start_date') }} as date)
    group by
        days_ahead.period_start_date,
        days_ahead.customer_id,
        days_ahead.feature

),

final as (

    select
        period_start_date,
        customer_id,
        feature,
        projected_soft_breach_date,
        projected_hard_breach_date
    from projected
    where coalesce(projected_soft_breach_date, projected_hard_breach_date) is not null

)

select * from final
