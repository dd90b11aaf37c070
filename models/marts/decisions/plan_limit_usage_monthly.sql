-- What customers used of what their plan allows, when they went or will go above it, and what the limit should be.
-- Grain: one row per period_start_date, customer_id and feature: `all` for every customer with calls, and each feature
-- that the plan limits. `all` holds the features: never add them up.
-- Cost is computed, not as billed: a late bill must not move a breach of the past. Percentiles never add up.
with

usage_monthly as (

    select
        usage_monthly.*,
        {{ is_complete('usage_monthly.period_start_date', 'month') }} as is_complete
    from {{ ref('int_limit_usage_monthly') }} as usage_monthly
    cross join {{ ref('int_as_of_date') }} as as_of

),

ranked as (

    select
        *,
        {% for measure in ['tokens', 'cost_usd'] -%}
        row_number() over (
            partition by period_start_date, plan_key, feature
            order by {{ measure }} asc nulls last, customer_id asc nulls last
        ) as {{ measure }}_rank,
        {% endfor -%}
        count(*) over (partition by period_start_date, plan_key, feature) as customer_count
    from usage_monthly

),

plans as (

    -- Nearest rank: the first value whose rank is at least percent × count ÷ 100.
    select
        period_start_date,
        plan_key,
        feature,
        min(case when tokens_rank * 100 >= customer_count * {{ var('suggested_limit_percent') }} then tokens end)
            as suggested_limit_tokens,
        min(case when cost_usd_rank * 100 >= customer_count * {{ var('suggested_limit_percent') }} then cost_usd end)
            as suggested_limit_usd,
        min(case when cost_usd_rank * 100 >= customer_count * 90 then cost_usd end) as p90_cost_usd
    from ranked
    -- A month that runs has no percentile yet.
    where is_complete
    group by
        period_start_date,
        plan_key,
        feature

),

final as (

    select
        ranked.period_start_date,
        ranked.customer_id,
        coalesce(customers.customer_name, ranked.customer_id) as customer_name,
        ranked.feature,
        ranked.plan,
        ranked.call_count,
        ranked.unpriced_call_count,
        ranked.tokens,
        ranked.cost_usd,
        ranked.monthly_price_usd,
        ranked.soft_limit_tokens,
        ranked.hard_limit_tokens,
        ranked.soft_limit_usd,
        ranked.hard_limit_usd,
        ranked.breached_limit_tokens,
        ranked.breached_limit_usd,
        ranked.soft_breach_date,
        ranked.hard_breach_date,
        projected.projected_soft_breach_date,
        projected.projected_hard_breach_date,
        ranked.customer_count as plan_customer_count,
        cast(plans.suggested_limit_tokens as bigint) as suggested_limit_tokens,
        {{ money('plans.suggested_limit_usd') }} as suggested_limit_usd,
        {{ money('plans.p90_cost_usd') }} as p90_cost_usd,
        case
            when ranked.monthly_price_usd > 0
                then {{ ratio('ranked.monthly_price_usd - plans.p90_cost_usd', 'ranked.monthly_price_usd') }}
        end as p90_margin_ratio,
        {{ ratio('ranked.unpriced_call_count', 'ranked.call_count') }} as unpriced_ratio,
        case
            when ranked.hard_breach_date is not null then 'hard_breached'
            when projected.projected_hard_breach_date is not null then 'hard_projected'
            when ranked.soft_breach_date is not null then 'soft_breached'
            when projected.projected_soft_breach_date is not null then 'soft_projected'
            when ranked.is_limited then 'within_limits'
            else 'no_limit'
        end as limit_status,
        case
            when not ranked.is_complete then 'month_running'
            when ranked.monthly_price_usd > 0 then 'known'
            else 'no_price'
        end as p90_margin_status,
        ranked.is_complete
    from ranked
    left join {{ ref('dim_customers') }} as customers
        on ranked.customer_id = customers.customer_id
    left join plans
        on
            ranked.period_start_date = plans.period_start_date
            and ranked.plan_key = plans.plan_key
            and ranked.feature = plans.feature
    left join {{ ref('int_limit_breaches_projected') }} as projected
        on
            ranked.period_start_date = projected.period_start_date
            and ranked.customer_id = projected.customer_id
            and ranked.feature = projected.feature

)

select * from final
