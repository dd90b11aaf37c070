-- Nothing is alerted of from a day after as_of_date, or without anything beyond its limit: in the period in which a
-- share, a margin or a variance is said to have begun, the mart itself shows it, and not in the one before.
-- Months alone are looked at: unpriced and unattributed shares, customers under water, vendors.
{% set before = "cast(" ~ dbt.dateadd('month', -1, 'alerts.since_date') ~ " as date)" %}
with

alerts as (

    select * from {{ ref('alerts') }}

),

months as (

    select
        'unpriced_share' as kind,
        'all' as subject,
        period_start_date,
        unpriced_ratio as measured_ratio
    from {{ ref('cost_per_inference') }}
    where
        period_grain = 'month'
        and dimension = 'all'

    union all

    select
        'unattributed_share' as kind,
        'all' as subject,
        period_start_date,
        unattributed_ratio as measured_ratio
    from {{ ref('cost_per_inference') }}
    where
        period_grain = 'month'
        and dimension = 'all'

    union all

    select
        'vendor_share' as kind,
        provider as subject,
        period_start_date,
        max(spend_share_ratio) as measured_ratio
    from {{ ref('vendor_spend_monthly') }}
    group by
        provider,
        period_start_date

    union all

    -- Below its limit: turned round.
    select
        'customer_under_water' as kind,
        customer_id as subject,
        period_start_date,
        case when is_revenue_complete then {{ money('-1 * gross_margin_ratio') }} end as measured_ratio
    from {{ ref('customer_margins_monthly') }}

),

limits as (

    select
        *,
        {{ money("case when kind = 'customer_under_water' then -1 * threshold else threshold end") }} as limit_ratio
    from alerts

),

dated_ahead as (

    select
        alerts.kind,
        alerts.subject
    from alerts
    cross join {{ ref('int_as_of_date') }} as as_of
    where alerts.since_date > as_of.as_of_date

),

begun_otherwise as (

    select
        alerts.kind,
        alerts.subject
    from limits as alerts
    left join months as begun
        on alerts.kind = begun.kind
        and alerts.subject = begun.subject
        and alerts.since_date = begun.period_start_date
    left join months as earlier
        on alerts.kind = earlier.kind
        and alerts.subject = earlier.subject
        and {{ before }} = earlier.period_start_date
    where
        alerts.kind in ('unpriced_share', 'unattributed_share', 'vendor_share', 'customer_under_water')
        and (
            not coalesce(begun.measured_ratio > alerts.limit_ratio, false)
            or coalesce(earlier.measured_ratio > alerts.limit_ratio, false)
        )

)

select * from dated_ahead
union all
select * from begun_otherwise
