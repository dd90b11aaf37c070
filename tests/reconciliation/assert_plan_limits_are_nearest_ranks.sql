-- What a limit of a plan is judged by, told another way: enough customers of the plan lie at or below the suggested
-- limit, too few below it, and it is one of them; all customers of a plan are told the same. A rank off by one would
-- only show as a limit that looks right. Price and limits are those of the seed in force at the end of the month, a
-- limit that was passed is one of the seed's.
{% set limits = ['monthly_price_usd', 'soft_limit_tokens', 'hard_limit_tokens', 'soft_limit_usd', 'hard_limit_usd'] %}
{% set percentiles = {
    'suggested_limit_tokens': ['tokens', var('suggested_limit_percent')],
    'suggested_limit_usd': ['cost_usd', var('suggested_limit_percent')],
    'p90_cost_usd': ['cost_usd', 90],
} %}
with

usage_rows as (

    select
        usage_monthly.*,
        lower(trim(usage_monthly.plan)) as plan_key,
        least(last_day(usage_monthly.period_start_date), as_of.as_of_date) as plan_date
    from {{ ref('plan_limit_usage_monthly') }} as usage_monthly
    cross join {{ ref('int_as_of_date') }} as as_of

),

seeded as (

    select
        *,
        lower(trim(plan)) as plan_key,
        coalesce(nullif(trim(feature), ''), 'all') as limited_feature
    from {{ ref('plan_limits') }}

),

-- Every version of the seed that had begun, the last one first.
versions as (

    select
        usage_rows.period_start_date,
        usage_rows.customer_id,
        usage_rows.feature,
        {% for limit in limits -%}
        seeded.{{ limit }},
        {% endfor -%}
        row_number() over (
            partition by usage_rows.period_start_date, usage_rows.customer_id, usage_rows.feature
            order by seeded.valid_from_date desc nulls last
        ) as version_rank
    from usage_rows
    inner join seeded
        on
            usage_rows.plan_key = seeded.plan_key
            and usage_rows.feature = seeded.limited_feature
            and coalesce(seeded.valid_from_date <= usage_rows.plan_date, true)

),

passable as (

    {% for limit in limits if limit != 'monthly_price_usd' -%}
    select
        limited_feature as feature,
        '{{ limit | replace('soft_limit_', '') | replace('hard_limit_', '') }}' as unit,
        {{ money(limit) }} as passable_limit
    from seeded
    where {{ limit }} is not null
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

marts as (

    select * from usage_rows
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

union all

select
    usage_rows.period_start_date,
    usage_rows.plan_key,
    usage_rows.feature
from usage_rows
left join versions
    on
        usage_rows.period_start_date = versions.period_start_date
        and usage_rows.customer_id = versions.customer_id
        and usage_rows.feature = versions.feature
        and versions.version_rank = 1
where
    usage_rows.unpriced_ratio is distinct from {{ ratio('usage_rows.unpriced_call_count', 'usage_rows.call_count') }}
    or usage_rows.p90_margin_ratio is distinct from {{ ratio(
        'usage_rows.monthly_price_usd - usage_rows.p90_cost_usd',
        'case when usage_rows.monthly_price_usd > 0 then usage_rows.monthly_price_usd end'
    ) }}
    or (
        coalesce(usage_rows.hard_breach_date, usage_rows.soft_breach_date) is null
        and coalesce(usage_rows.breached_limit_tokens, usage_rows.breached_limit_usd) is not null
    )
    {%- for limit in limits %}
    or usage_rows.{{ limit }} is distinct from {{ money('versions.' ~ limit) }}
    {%- endfor %}
    {%- for unit in ['tokens', 'usd'] %}
    or (
        usage_rows.breached_limit_{{ unit }} is not null
        and usage_rows.breached_limit_{{ unit }} not in (
            select passable.passable_limit from passable
            where passable.unit = '{{ unit }}' and passable.feature = usage_rows.feature
        )
    )
    {%- endfor %}
