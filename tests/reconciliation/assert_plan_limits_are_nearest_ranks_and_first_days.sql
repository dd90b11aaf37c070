-- What a limit of a plan is judged by, told another way: enough customers of the plan lie at or below the suggested limit
-- and too few below it; before the day of a breach the month to date was within every limit of its day. A rank or a day
-- off by one would only show as a limit that looks right.
with

marts as (

    select
        *,
        lower(trim(plan)) as plan_key
    from {{ ref('plan_limit_usage_monthly') }}

),

ranks as (

    select
        marts.period_start_date,
        marts.customer_id,
        marts.feature
    from marts
    inner join marts as others
        on
            marts.period_start_date = others.period_start_date
            and marts.plan_key = others.plan_key
            and marts.feature = others.feature
    where marts.is_complete
    group by
        marts.period_start_date,
        marts.customer_id,
        marts.feature
    having
        max(marts.plan_customer_count) <> count(*)
        {% for value, column, percent in [
            ('suggested_limit_tokens', 'tokens', var('suggested_limit_percent')),
            ('suggested_limit_usd', 'cost_usd', var('suggested_limit_percent')),
            ('p90_cost_usd', 'cost_usd', 90),
        ] -%}
        or count(*) filter (where others.{{ column }} <= marts.{{ value }}) * 100 < count(*) * {{ percent }}
        or count(*) filter (where others.{{ column }} < marts.{{ value }}) * 100 >= count(*) * {{ percent }}
        or count(*) filter (where others.{{ column }} = marts.{{ value }}) = 0
        {% endfor %}
),

days as (

    select
        period_start_date,
        customer_id,
        feature,
        {% for kind in ['soft', 'hard'] -%}
        min(case when is_above_{{ kind }}_limit then usage_date end) as {{ kind }}_breach_date{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref('int_limit_usage_daily') }}
    group by
        period_start_date,
        customer_id,
        feature

),

breaches as (

    select
        marts.period_start_date,
        marts.customer_id,
        marts.feature
    from marts
    left join days
        on
            marts.period_start_date = days.period_start_date
            and marts.customer_id = days.customer_id
            and marts.feature = days.feature
    where
        marts.soft_breach_date is distinct from days.soft_breach_date
        or marts.hard_breach_date is distinct from days.hard_breach_date

)

select * from ranks
union all
select * from breaches
