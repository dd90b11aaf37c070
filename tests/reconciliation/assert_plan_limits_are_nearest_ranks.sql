-- What a limit of a plan is judged by, told another way: enough customers of the plan lie at or below the suggested
-- limit, too few below it, and it is one of them; all customers of a plan are told the same. A rank off by one would
-- only show as a limit that looks right.
{% set percentiles = {
    'suggested_limit_tokens': ['tokens', var('suggested_limit_percent')],
    'suggested_limit_usd': ['cost_usd', var('suggested_limit_percent')],
    'p90_cost_usd': ['cost_usd', 90],
} %}
with

marts as (

    select
        *,
        lower(trim(plan)) as plan_key
    from {{ ref('plan_limit_usage_monthly') }}
    where is_complete

),

plans as (

    select
        period_start_date,
        plan_key,
        feature,
        {% for percentile in percentiles -%}
        min({{ percentile }}) as {{ percentile }},
        max({{ percentile }}) as max_{{ percentile }},
        {% endfor -%}
        max(plan_customer_count) as plan_customer_count
    from marts
    group by
        period_start_date,
        plan_key,
        feature

)

select
    plans.period_start_date,
    plans.plan_key,
    plans.feature
from plans
inner join marts
    on
        plans.period_start_date = marts.period_start_date
        and plans.plan_key = marts.plan_key
        and plans.feature = marts.feature
group by
    plans.period_start_date,
    plans.plan_key,
    plans.feature
having
    max(plans.plan_customer_count) <> count(*)
    {% for percentile, (column, percent) in percentiles.items() -%}
    or max(plans.{{ percentile }}) <> max(plans.max_{{ percentile }})
    or count(*) filter (where marts.{{ column }} <= plans.{{ percentile }}) * 100 < count(*) * {{ percent }}
    or count(*) filter (where marts.{{ column }} < plans.{{ percentile }}) * 100 >= count(*) * {{ percent }}
    or count(*) filter (where marts.{{ column }} = plans.{{ percentile }}) = 0
    {% endfor %}
