-- Customers above a limit of their plan in the month of as_of_date, and those about to pass one.
-- Grain: one row per kind, customer and feature (`all` for everything): above a soft limit and about to pass the hard
-- one are two findings. Of tokens and dollars, the one nearer to its limit.
-- A limit that was passed is the one of that day, also when the plan was another: decisions.md, Alerts.
with

usage_monthly as (

    select usage_monthly.*
    from {{ ref('plan_limit_usage_monthly') }} as usage_monthly
    inner join {{ ref('int_as_of_date') }} as as_of
        on usage_monthly.period_start_date = cast({{ dbt.date_trunc('month', 'as_of.as_of_date') }} as date)

),

limits as (

    select
        'limit_breached' as kind,
        customer_id,
        feature,
        coalesce(hard_breach_date, soft_breach_date) as since_date,
        tokens,
        cost_usd,
        breached_limit_tokens as limit_tokens,
        breached_limit_usd as limit_usd
    from usage_monthly
    where coalesce(hard_breach_date, soft_breach_date) is not null

    union all

    select
        'limit_projected' as kind,
        customer_id,
        feature,
        period_start_date as since_date,
        tokens,
        cost_usd,
        case
            when projected_hard_breach_date is not null then hard_limit_tokens
            else soft_limit_tokens
        end as limit_tokens,
        case when projected_hard_breach_date is not null then hard_limit_usd else soft_limit_usd end as limit_usd
    from usage_monthly
    -- Above the hard limit, a soft one ahead is nothing to wait for.
    where
        hard_breach_date is null
        and coalesce(projected_hard_breach_date, projected_soft_breach_date) is not null

),

measured as (

    select
        *,
        limit_tokens is not null
        and (
            limit_usd is null
            or coalesce({{ ratio('tokens', 'limit_tokens') }}, 0) >= coalesce({{ ratio('cost_usd', 'limit_usd') }}, 0)
        ) as is_of_tokens
    from limits

),

final as (

    select
        measured.kind,
        'customer_feature' as subject_kind,
        {{ subject_of(['measured.customer_id', 'measured.feature']) }} as subject,
        measured.since_date,
        {{ money('case when measured.is_of_tokens then measured.tokens else measured.cost_usd end') }} as value,
        {{ money('case when measured.is_of_tokens then measured.limit_tokens else measured.limit_usd end') }}
            as threshold,
        case when measured.is_of_tokens then 'tokens' else 'usd' end as unit,
        measured.cost_usd as dollars_usd
    from measured
    inner join {{ ref('alert_kinds') }} as kinds
        on
            measured.kind = kinds.kind
            and kinds.is_on

)

select * from final
