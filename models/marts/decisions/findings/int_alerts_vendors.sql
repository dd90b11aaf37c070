-- Vendors that take so much of the spend that their outage or price is the company's.
-- Grain: one row per provider as invoiced, above its share in the last complete month.
with

months as (

    select
        kinds.kind,
        kinds.threshold as stated_threshold,
        spend.period_start_date,
        spend.provider,
        max(spend.spend_share_ratio) as spend_share_ratio,
        {{ cost_sum('spend.billed_cost_usd + spend.estimated_cost_usd') }} as spend_usd
    from {{ ref('vendor_spend_monthly') }} as spend
    inner join {{ ref('alert_kinds') }} as kinds
        on
            kinds.kind = 'vendor_share'
            and kinds.is_on
    where spend.is_complete
    group by
        kinds.kind,
        kinds.threshold,
        spend.period_start_date,
        spend.provider

),

limited as (

    select
        *,
        cast(coalesce(stated_threshold, {{ var('max_vendor_share') }}) as decimal(28, 12)) as threshold,
        max(period_start_date) over () as last_month_date
    from months

),

above as (

    select
        *,
        {{ unbroken_run('period_start_date', 'month', ['provider']) }} as run_number
    from limited
    where spend_share_ratio > threshold

),

dated as (

    select
        *,
        min(period_start_date) over (partition by provider, run_number) as since_date
    from above

),

final as (

    select
        kind,
        'vendor' as subject_kind,
        provider as subject,
        since_date,
        spend_share_ratio as value,
        threshold,
        'ratio' as unit,
        spend_usd as dollars_usd
    from dated
    where period_start_date = last_month_date

)

select * from final
