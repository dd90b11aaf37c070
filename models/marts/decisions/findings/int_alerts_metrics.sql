-- Metrics of the scorecard that miss their target. The status is in the kind, so one that changes it is a new finding.
-- Grain: one row per metric that is off target or watched.
-- since_date is the first of the periods in a row with that status against today's target; where there are no earlier
-- values (downgrade_tolerance), the period on the scorecard.
with

found as (

    select
        kinds.kind,
        scorecard.metric,
        scorecard.period_start_date,
        scorecard.current_value,
        scorecard.target_value,
        scorecard.unit,
        scorecard.action,
        targets.comparison
    from {{ ref('scorecard') }} as scorecard
    inner join {{ ref('alert_kinds') }} as kinds
        on
            kinds.kind = 'metric_' || scorecard.status
            and kinds.is_on
    inner join {{ ref('int_metrics_shown') }} as targets
        on
            scorecard.metric = targets.metric
            and targets.shown_on = 'scorecard'

),

missed as (

    select
        found.metric,
        periods.period_start_date,
        periods.period_number - periods.period_step * row_number() over (
            partition by found.metric
            order by periods.period_number asc nulls last
        ) as run_number
    from {{ ref('int_metric_periods') }} as periods
    inner join found
        on
            periods.metric = found.metric
            and periods.period_start_date <= found.period_start_date
    where
        'metric_' || case
            when periods.is_off then 'off_target'
            else {{ target_status('periods.metric_value', 'found.target_value', 'found.comparison') }}
        end = found.kind

),

runs as (

    select
        metric,
        min(period_start_date) as since_date,
        max(period_start_date) as until_date
    from missed
    group by
        metric,
        run_number

),

last_runs as (

    -- Of two releases of one day, each the end of a run, the later.
    select
        metric,
        until_date,
        max(since_date) as since_date
    from runs
    group by
        metric,
        until_date

),

final as (

    select
        found.kind,
        'metric' as subject_kind,
        found.metric as subject,
        coalesce(last_runs.since_date, found.period_start_date) as since_date,
        found.current_value as value,
        found.target_value as threshold,
        found.unit,
        cast(null as decimal(28, 12)) as dollars_usd,
        found.action
    from found
    left join last_runs
        on
            found.metric = last_runs.metric
            and found.period_start_date = last_runs.until_date

)

select * from final
