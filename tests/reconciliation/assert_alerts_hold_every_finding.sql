-- Every finding of the marts is an alert, and every alert a finding: counted on the marts themselves, by subject,
-- without the runs of periods. A finding lost on its way would call nobody.
-- What it does not check: since when, and is_new, which the release before decides.
with

kinds as (

    select * from {{ ref('alert_kinds') }}
    where is_on

),

as_of as (

    select * from {{ ref('int_as_of_date') }}

),

found as (

    select
        'metric_' || status as kind,
        metric as subject,
        cast(null as decimal(28, 12)) as dollars_usd
    from {{ ref('scorecard') }}

    union all

    select
        'customer_under_water' as kind,
        margins.customer_id as subject,
        {{ money('margins.other_cogs_usd + margins.ai_cost_usd - margins.revenue_usd') }} as dollars_usd
    from {{ ref('customer_margins_monthly') }} as margins
    inner join {{ ref('dim_customers') }} as customers
        on margins.customer_id = customers.customer_id
    cross join as_of
    inner join kinds
        on kinds.kind = 'customer_under_water'
    where
        not customers.is_internal
        and margins.customer_id <> 'unattributed'
        and margins.gross_margin_ratio < coalesce(kinds.threshold, 0)
        and margins.is_revenue_complete
        and margins.period_start_date = (
            select max(complete.period_start_date)
            from {{ ref('customer_margins_monthly') }} as complete
            inner join {{ ref('dim_customers') }} as others
                on complete.customer_id = others.customer_id
            where
                complete.is_complete
                and not others.is_internal
                and complete.customer_id <> 'unattributed'
        )

    union all

    select
        'limit_breached' as kind,
        replace(customer_id, '/', '//') || ' / ' || feature as subject,
        cost_usd as dollars_usd
    from {{ ref('plan_limit_usage_monthly') }}
    cross join as_of
    where
        (soft_breach_date is not null or hard_breach_date is not null)
        and last_day(period_start_date) >= as_of.as_of_date

    union all

    select
        'limit_projected' as kind,
        replace(customer_id, '/', '//') || ' / ' || feature as subject,
        cost_usd as dollars_usd
    from {{ ref('plan_limit_usage_monthly') }}
    cross join as_of
    where
        limit_status in ('hard_projected', 'soft_projected')
        and last_day(period_start_date) >= as_of.as_of_date

    union all

    select
        'unmatched_payer' as kind,
        customer_id as subject,
        {{ cost_sum('revenue_usd') }} as dollars_usd
    from {{ ref('fct_revenue_daily') }}
    where
        customer_id in (select unmatched.customer_id from {{ ref('unmatched_payers') }} as unmatched)
        or (
            customer_id in (
                select stripe_customers.customer_id from {{ ref('int_stripe_customers_resolved') }} as stripe_customers
                where not stripe_customers.is_in_crm and not stripe_customers.is_settled
            )
            and customer_id not in (select used.customer_id from {{ ref('fct_usage_daily') }} as used)
            and exists (
                select 1 from {{ ref('dim_customers') }} as customers
                where customers.is_in_crm
            )
        )
    group by customer_id

    union all

    select
        'launch_gate' as kind,
        feature as subject,
        {{ ratio('feature_cost_usd_per_day * 365', '12') }} as dollars_usd
    from {{ ref('feature_launch_gates') }}
    where gate_status = 'failed'

),

wanted as (

    select
        found.kind,
        found.subject
    from found
    cross join as_of
    inner join kinds
        on found.kind = kinds.kind
    where
        as_of.as_of_date is not null
        and coalesce(found.dollars_usd >= kinds.minimum_usd, true)
        and (
            found.kind <> 'unmatched_payer'
            or found.dollars_usd > coalesce(kinds.threshold, 0)
        )

),

alerted as (

    select
        kind,
        subject
    from {{ ref('alerts') }}
    where kind in (
        'metric_watch', 'metric_off_target', 'customer_under_water', 'limit_breached', 'limit_projected',
        'unmatched_payer', 'launch_gate'
    )

)

select
    coalesce(wanted.kind, alerted.kind) as kind,
    coalesce(wanted.subject, alerted.subject) as subject,
    wanted.kind is not null as is_found,
    alerted.kind is not null as is_alerted
from wanted
full outer join alerted
    on wanted.kind = alerted.kind
    and wanted.subject = alerted.subject
where
    wanted.kind is null
    or alerted.kind is null
