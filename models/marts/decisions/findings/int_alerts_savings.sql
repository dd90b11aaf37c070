-- Levers that save more than their floor a month, by the lower bound of their evidence: what is worth somebody's time.
-- Grain: one row per lever, scope_dimension and scope_value. decisions.md, Alerts.
with

savings as (

    select
        opportunities.*,
        kinds.kind,
        cast(coalesce(kinds.threshold, 0) as decimal(28, 12)) as threshold,
        cast({{ dbt.dateadd('day', 1 - var('traffic_days'), 'as_of.as_of_date') }} as date) as traffic_from_date
    from {{ ref('savings_opportunities') }} as opportunities
    cross join {{ ref('int_as_of_date') }} as as_of
    inner join {{ ref('alert_kinds') }} as kinds
        on
            kinds.kind = 'savings_lever'
            and kinds.is_on

),

final as (

    select
        kind,
        'lever' as subject_kind,
        {{ subject_of(['lever', 'scope_dimension', 'scope_value']) }} as subject,
        traffic_from_date as since_date,
        monthly_saving_lower_usd as value,
        threshold,
        'usd' as unit,
        monthly_saving_usd as dollars_usd,
        action
    from savings
    where monthly_saving_lower_usd > threshold

)

select * from final
