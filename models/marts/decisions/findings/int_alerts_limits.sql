-- Customers above a limit of their plan in the month of as_of_date, or about to pass one.
-- Grain: one row per customer and feature (`all` for everything). Of tokens and dollars, the one nearer to its limit.
with

limits as (

    select
        usage_monthly.*,
        case
            when usage_monthly.limit_status in ('hard_breached', 'soft_breached') then 'limit_breached'
            else 'limit_projected'
        end as kind,
        case
            when usage_monthly.limit_status = 'hard_breached' then usage_monthly.hard_breach_date
            when usage_monthly.limit_status = 'soft_breached' then usage_monthly.soft_breach_date
            else usage_monthly.period_start_date
        end as since_date,
        {% for limit in ['tokens', 'usd'] -%}
        case
            when usage_monthly.limit_status in ('hard_breached', 'hard_projected')
                then usage_monthly.hard_limit_{{ limit }}
            else usage_monthly.soft_limit_{{ limit }}
        end as limit_{{ limit }}{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref('plan_limit_usage_monthly') }} as usage_monthly
    inner join {{ ref('int_as_of_date') }} as as_of
        on usage_monthly.period_start_date = cast({{ dbt.date_trunc('month', 'as_of.as_of_date') }} as date)
    where usage_monthly.limit_status not in ('within_limits', 'no_limit')

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
