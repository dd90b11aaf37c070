-- Metrics of the scorecard that miss their target. The status is in the kind, so one that changes it is a new finding.
-- Grain: one row per metric that is off target or watched.
-- since_date is the first of the periods in a row with that status against today's target; where the mart keeps no
-- earlier values, the period on the scorecard.
{% set histories = {
    'cost_per_inference': {
        'mart': 'cost_per_inference', 'value': 'cpi_usd',
        'rows': "history.period_grain = 'week' and history.dimension = 'all'"
    },
    'gross_margin': {
        'mart': 'weekly_unit_economics', 'value': 'this_week_value', 'rows': "history.metric = 'gross_margin'"
    },
    'prompt_efficiency': {
        'mart': 'prompt_efficiency_weekly', 'value': 'avg_total_tokens', 'rows': "history.use_case = 'all'"
    },
    'unit_cost_trend': {
        'mart': 'unit_cost_trend_monthly', 'value': 'change_3m_ratio', 'grain': 'month', 'rows': 'true'
    },
    'inference_efficiency': {
        'mart': 'inference_efficiency_monthly', 'value': 'ier', 'grain': 'month',
        'rows': "history.dimension = 'all' and not history.is_forecast"
    },
} %}
with

found as (

    select
        kinds.kind,
        scorecard.metric,
        scorecard.period_start_date,
        scorecard.current_value,
        scorecard.target_value,
        scorecard.unit,
        targets.comparison
    from {{ ref('scorecard') }} as scorecard
    inner join {{ ref('alert_kinds') }} as kinds
        on
            kinds.kind = 'metric_' || scorecard.status
            and kinds.is_on
    inner join {{ ref('metric_targets') }} as targets
        on
            scorecard.metric = targets.metric
            and targets.shown_on = 'scorecard'
            and targets.company_stage = '{{ var("company_stage") }}'

),

{% for metric, history in histories.items() -%}
{%- set grain = history.grain or 'week' -%}
{{ metric }}_missed as (

    select
        found.metric,
        history.period_start_date,
        {{ unbroken_run('history.period_start_date', grain, ['found.metric']) }} as run_number
    from {{ ref(history.mart) }} as history
    inner join found
        on
            found.metric = '{{ metric }}'
            and history.period_start_date <= found.period_start_date
    where
        {{ history.rows }}
        and 'metric_' || {{ target_status('history.' ~ history.value, 'found.target_value', 'found.comparison') }}
        = found.kind

),

{% endfor -%}
missed as (

    {% for metric in histories -%}
    select * from {{ metric }}_missed
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

dated as (

    select
        metric,
        period_start_date,
        min(period_start_date) over (partition by metric, run_number) as since_date
    from missed

),

final as (

    select
        found.kind,
        'metric' as subject_kind,
        found.metric as subject,
        coalesce(dated.since_date, found.period_start_date) as since_date,
        found.current_value as value,
        found.target_value as threshold,
        found.unit,
        cast(null as decimal(28, 12)) as dollars_usd
    from found
    left join dated
        on
            found.metric = dated.metric
            and found.period_start_date = dated.period_start_date

)

select * from final
