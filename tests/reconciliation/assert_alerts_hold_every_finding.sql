-- Every finding of the scorecard, margins, limits, payers, launch gates and levers is an alert, and every alert of these
-- kinds a finding with the mart's own value, limit and dollars: counted on the marts themselves, by subject, without the
-- runs of periods. A finding lost on its way would call nobody.
-- What it does not check: since when, and is_new, which the release before decides; which limit of a plan is the nearer;
-- the other kinds (anomalies, shares, untied invoices, stale evidence and sources).
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
        current_value as value,
        target_value as threshold,
        cast(null as decimal(28, 12)) as dollars_usd
    from {{ ref('scorecard') }}

    union all

    select
        'customer_under_water' as kind,
        margins.customer_id as subject,
        margins.gross_margin_ratio as value,
        {{ money('coalesce(kinds.threshold, 0)') }} as threshold,
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
        cast(null as decimal(28, 12)) as value,
        cast(null as decimal(28, 12)) as threshold,
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
        cast(null as decimal(28, 12)) as value,
        cast(null as decimal(28, 12)) as threshold,
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
        {{ cost_sum('revenue_usd') }} as value,
        cast(null as decimal(28, 12)) as threshold,
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
        case when marginal_ier < gate_ier then marginal_ier else product_ier_with end as value,
        gate_ier as threshold,
        {{ ratio('feature_cost_usd_per_day * 365', '12') }} as dollars_usd
    from {{ ref('feature_launch_gates') }}
    where gate_status = 'failed'

    union all

    select
        'savings_lever' as kind,
        {{ subject_of(['lever', 'scope_dimension', 'scope_value']) }} as subject,
        monthly_saving_lower_usd as value,
        cast(null as decimal(28, 12)) as threshold,
        monthly_saving_usd as dollars_usd
    from {{ ref('savings_opportunities') }}

),

wanted as (

    select
        found.kind,
        found.subject,
        found.value,
        -- Where the mart judges by no limit of its own, the seed's.
        coalesce(
            found.threshold,
            case when found.kind in ('unmatched_payer', 'savings_lever') then coalesce(kinds.threshold, 0) end
        ) as threshold,
        found.dollars_usd
    from found
    cross join as_of
    inner join kinds
        on found.kind = kinds.kind
    where
        as_of.as_of_date is not null
        and coalesce(found.dollars_usd >= kinds.minimum_usd, true)
        and (
            found.kind not in ('unmatched_payer', 'savings_lever')
            or found.value > coalesce(kinds.threshold, 0)
        )

),

alerted as (

    select * from {{ ref('alerts') }}
    where kind in (
        'metric_watch', 'metric_off_target', 'customer_under_water', 'limit_breached', 'limit_projected',
        'unmatched_payer', 'launch_gate', 'savings_lever'
    )

),

misplaced as (

    select
        alerts.kind,
        alerts.subject
    from {{ ref('alerts') }} as alerts
    left join kinds
        on alerts.kind = kinds.kind
    where alerts.position is distinct from kinds.position

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
    or wanted.dollars_usd is distinct from alerted.dollars_usd
    or (
        wanted.kind not in ('limit_breached', 'limit_projected')
        and (wanted.value is distinct from alerted.value or wanted.threshold is distinct from alerted.threshold)
    )

union all

select
    kind,
    subject,
    true as is_found,
    false as is_alerted
from misplaced
