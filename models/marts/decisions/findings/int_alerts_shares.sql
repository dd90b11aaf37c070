-- Months in which too many calls have no price, or too much cost is nobody's.
-- Grain: one row per kind (unpriced_share, unattributed_share).
-- A missing price is a finding of the month that runs; a bill's rest only of one that is over.
with

months as (

    select * from {{ ref('cost_per_inference') }}
    where period_grain = 'month'

),

kinds as (

    select * from {{ ref('alert_kinds') }}
    where is_on

),

shares as (

    select
        kinds.kind,
        months.period_start_date,
        months.unpriced_ratio as share_ratio,
        cast(coalesce(kinds.threshold, {{ var('warn_unpriced_share') }}) as decimal(28, 12)) as threshold,
        cast(null as decimal(28, 12)) as dollars_usd
    from months
    inner join kinds
        on kinds.kind = 'unpriced_share'
    where months.dimension = 'all'

    union all

    select
        kinds.kind,
        months.period_start_date,
        months.unattributed_ratio as share_ratio,
        cast(coalesce(kinds.threshold, {{ var('warn_unattributed_share') }}) as decimal(28, 12)) as threshold,
        nobody.ai_cost_usd as dollars_usd
    from months
    inner join kinds
        on kinds.kind = 'unattributed_share'
    left join months as nobody
        on
            months.period_start_date = nobody.period_start_date
            and nobody.dimension = 'customer'
            and nobody.dimension_value = 'unattributed'
    where
        months.dimension = 'all'
        and months.is_complete

),

above as (

    select
        shares.*,
        {{ unbroken_run('shares.period_start_date', 'month', ['shares.kind']) }} as run_number
    from shares
    where shares.share_ratio > shares.threshold

),

dated as (

    select
        *,
        min(period_start_date) over (partition by kind, run_number) as since_date
    from above

),

last_months as (

    select
        kind,
        max(period_start_date) as period_start_date
    from shares
    group by kind

),

final as (

    select
        dated.kind,
        'all' as subject_kind,
        'all' as subject,
        dated.since_date,
        dated.share_ratio as value,
        dated.threshold,
        'ratio' as unit,
        dated.dollars_usd
    from dated
    inner join last_months
        on
            dated.kind = last_months.kind
            and dated.period_start_date = last_months.period_start_date

)

select * from final
