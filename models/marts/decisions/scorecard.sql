-- One page: the seven metrics and the inference efficiency ratio, each against the target of the company's stage.
-- Grain: one row per metric (8).
-- Weeks and months are the last that were over at as_of_date (of margin and efficiency: with enough of their revenue),
-- the cohort the last mature one, the release the last.
-- decisions.md, Scorecard.
with

usage_weekly as (

    select * from {{ ref('cost_per_inference') }}
    where
        period_grain = 'week'
        and dimension = 'all'

),

weekly_view as (

    select * from {{ ref('weekly_unit_economics') }}

),

unit_cost_trend as (

    select * from {{ ref('unit_cost_trend_monthly') }}

),

cohorts as (

    select * from {{ ref('acquisition_cohorts_monthly') }}
    -- A cohort nothing was landed for has no price: the last one with spend speaks.
    where
        channel = 'all'
        and is_mature
        and spend_usd > 0

),

releases as (

    select * from {{ ref('data_flywheel') }}

),

prompts_weekly as (

    select * from {{ ref('prompt_efficiency_weekly') }}
    where use_case = 'all'

),

tolerance as (

    select * from {{ ref('downgrade_tolerance') }}
    where use_case = 'all'

),

efficiency as (

    -- The mart's own ratio, without its forecast.
    select
        month_date as period_start_date,
        case when inference_cost_usd > 0 then {{ ratio('ai_revenue_usd', 'inference_cost_usd') }} end as ier
    from {{ ref('int_efficiency_by_dimension_monthly') }}
    where dimension = 'all'

),

margins_monthly as (

    select * from {{ ref('gross_margin_monthly') }}
    where dimension = 'all'

),

metrics as (

    select * from {{ ref('metric_targets') }}
    where
        shown_on = 'scorecard'
        and company_stage = '{{ var("company_stage") }}'

),

healthy_zone as (

    select low from {{ ref('benchmarks') }}
    where
        metric = 'ier_{{ var("ai_business") }}'
        and band = 'healthy'

),

last_periods as (

    select * from {{ ref('int_scorecard_periods') }}

),

measured as (

    select
        'cost_per_inference' as metric,
        last_periods.age,
        usage_weekly.period_start_date,
        usage_weekly.cpi_usd as metric_value,
        cast(null as string) as verdict,
        usage_weekly.unpriced_ratio,
        usage_weekly.unattributed_ratio,
        usage_weekly.cost_status
    from usage_weekly
    inner join last_periods
        on usage_weekly.period_start_date = last_periods.week_date

    union all

    select
        'gross_margin' as metric,
        last_periods.age,
        weekly_view.period_start_date,
        weekly_view.this_week_value as metric_value,
        cast(null as string) as verdict,
        usage_weekly.unpriced_ratio,
        usage_weekly.unattributed_ratio,
        usage_weekly.cost_status
    from weekly_view
    inner join last_periods
        on weekly_view.period_start_date = last_periods.revenue_week_date
    left join usage_weekly
        on weekly_view.period_start_date = usage_weekly.period_start_date
    where weekly_view.metric = 'gross_margin'

    union all

    select
        'unit_cost_trend' as metric,
        last_periods.age,
        unit_cost_trend.period_start_date,
        unit_cost_trend.change_3m_ratio as metric_value,
        cast(null as string) as verdict,
        unit_cost_trend.unpriced_ratio,
        unit_cost_trend.unattributed_ratio,
        unit_cost_trend.cost_status
    from unit_cost_trend
    inner join last_periods
        on unit_cost_trend.period_start_date = last_periods.month_date

    union all

    select
        'adjusted_cac' as metric,
        row_number() over (order by cohort_month_date desc nulls last) - 1 as age,
        cohort_month_date as period_start_date,
        adjusted_cac_usd as metric_value,
        cohort_status as verdict,
        cast(null as decimal(28, 12)) as unpriced_ratio,
        cast(null as decimal(28, 12)) as unattributed_ratio,
        cast(null as string) as cost_status
    from cohorts

    union all

    select
        'data_flywheel' as metric,
        row_number() over (order by released_date desc nulls last, release_id desc nulls last) - 1 as age,
        released_date as period_start_date,
        improvement_per_10k_users_ratio as metric_value,
        status as verdict,
        cast(null as decimal(28, 12)) as unpriced_ratio,
        cast(null as decimal(28, 12)) as unattributed_ratio,
        cast(null as string) as cost_status
    from releases

    union all

    select
        'prompt_efficiency' as metric,
        last_periods.age,
        prompts_weekly.period_start_date,
        prompts_weekly.avg_total_tokens as metric_value,
        cast(null as string) as verdict,
        cast(null as decimal(28, 12)) as unpriced_ratio,
        cast(null as decimal(28, 12)) as unattributed_ratio,
        cast(null as string) as cost_status
    from prompts_weekly
    inner join last_periods
        on prompts_weekly.period_start_date = last_periods.week_date

    union all

    -- What the evidence of today says of the last weeks' traffic: there is no such row of an earlier day.
    select
        'downgrade_tolerance' as metric,
        last_periods.age,
        last_periods.traffic_from_date as period_start_date,
        tolerance.tolerance_ratio as metric_value,
        tolerance.verdict,
        {{ ratio('tolerance.unpriced_call_count', 'tolerance.eligible_call_count') }} as unpriced_ratio,
        cast(null as decimal(28, 12)) as unattributed_ratio,
        cast(null as string) as cost_status
    from tolerance
    inner join last_periods
        on last_periods.age = 0

    union all

    select
        'inference_efficiency' as metric,
        last_periods.age,
        efficiency.period_start_date,
        efficiency.ier as metric_value,
        cast(null as string) as verdict,
        margins_monthly.unpriced_ratio,
        margins_monthly.unattributed_ratio,
        margins_monthly.cost_status
    from efficiency
    inner join last_periods
        on efficiency.period_start_date = last_periods.revenue_month_date
    left join margins_monthly
        on efficiency.period_start_date = margins_monthly.period_start_date

),

joined as (

    select
        metrics.*,
        -- The target of inference_efficiency is where the healthy zone of the var ai_business begins.
        cast(
            coalesce(metrics.target_value, case when metrics.metric = 'inference_efficiency' then healthy_zone.low end)
        as decimal(28, 12)) as zone_target_value,
        current_period.period_start_date,
        current_period.metric_value as current_value,
        previous_period.metric_value as previous_value,
        current_period.verdict,
        current_period.unpriced_ratio,
        current_period.unattributed_ratio,
        current_period.cost_status
    from metrics
    left join healthy_zone
        on true
    left join measured as current_period
        on metrics.metric = current_period.metric
        and current_period.age = 0
    left join measured as previous_period
        on metrics.metric = previous_period.metric
        and previous_period.age = 1

),

judged as (

    select
        *,
        case
            -- An interval of the change that spans 0: no worse, and not shown to be better.
            when metric = 'data_flywheel' and verdict = 'improving' then 'on_target'
            when metric = 'data_flywheel' and verdict = 'flat' and comparison = '>=' then 'on_target'
            when metric = 'data_flywheel' and verdict = 'flat' then 'undecided'
            when metric = 'data_flywheel' and verdict = 'declining' then 'off_target'
            when metric = 'data_flywheel' then 'no_data'
            when metric = 'downgrade_tolerance' and verdict = 'met' then 'on_target'
            when metric = 'downgrade_tolerance' and verdict = 'undecided' then 'undecided'
            -- Money was spent and nobody stayed: no price per customer, and none could be worse.
            when metric = 'adjusted_cac' and verdict = 'no_survivors' then 'off_target'
            else {{ target_status('current_value', 'zone_target_value', 'comparison') }}
        end as status
    from joined

),

final as (

    select
        position,
        metric,
        metric_name,
        cadence,
        period_start_date,
        unit,
        case when comparison in ('<', '<=') then 'lower' else 'higher' end as direction,
        zone_target_value as target_value,
        coalesce(target_label, '') as target_label,
        current_value,
        previous_value,
        status,
        case when status = 'no_data' then needs else '' end as missing,
        case when status in ('watch', 'off_target', 'undecided') then action else 'none' end as action,
        unpriced_ratio,
        unattributed_ratio,
        coalesce(cost_status, 'none') as cost_status
    from judged

)

select * from final
