-- One page: the seven metrics and the inference efficiency ratio, each against the target of the company's stage.
-- Grain: one row per metric (8).
-- Weeks and months are the last that were over at as_of_date (of margin and efficiency: with enough of their revenue),
-- the cohort the last mature one, the release the last. decisions.md, Scorecard.
{# Where each metric is measured: of which rows, the value and, where the mart judges it itself, the verdict. `last` is the
    column of int_scorecard_periods that names its period; without one the newest row is the last. `trust` are the rows
    that say how sure its cost is. #}
{% set weeks = ref('cost_per_inference') ~ " where period_grain = 'week' and dimension = 'all'" %}
{% set measures = {
    'cost_per_inference': {'of': weeks, 'value': 'cpi_usd', 'last': 'week_date', 'trust': weeks},
    'gross_margin': {'of': ref('weekly_unit_economics') ~ " where metric = 'gross_margin'", 'value': 'this_week_value',
        'last': 'revenue_week_date', 'trust': weeks},
    'unit_cost_trend': {'of': ref('unit_cost_trend_monthly'), 'value': 'change_3m_ratio', 'last': 'month_date',
        'trust': ref('unit_cost_trend_monthly')},
    'adjusted_cac': {'of': ref('acquisition_cohorts_monthly') ~ " where channel = 'all' and is_mature and spend_usd > 0",
        'value': 'adjusted_cac_usd', 'period': 'cohort_month_date', 'verdict': 'cohort_status'},
    'data_flywheel': {'of': ref('data_flywheel'), 'value': 'improvement_per_10k_users_ratio',
        'period': 'released_date', 'newest': ', release_id desc nulls last', 'verdict': 'status'},
    'prompt_efficiency': {'of': ref('prompt_efficiency_weekly') ~ " where use_case = 'all'",
        'value': 'avg_total_tokens', 'last': 'week_date'},
    'downgrade_tolerance': {'of': ref('downgrade_tolerance') ~ " where use_case = 'all'", 'value': 'tolerance_ratio',
        'period': 'cast(null as date)', 'verdict': 'verdict',
        'unpriced': ratio('unpriced_call_count', 'eligible_call_count')},
    'inference_efficiency': {'of': ref('int_efficiency_by_dimension_monthly') ~ " where dimension = 'all'",
        'value': 'case when inference_cost_usd > 0 then ' ~ ratio('ai_revenue_usd', 'inference_cost_usd') ~ ' end',
        'period': 'month_date', 'last': 'revenue_month_date', 'trust': ref('gross_margin_monthly') ~ " where dimension = 'all'"},
} %}
with

metrics as (

    select
        targets.*,
        -- The target of inference_efficiency is where the healthy zone of the var ai_business begins.
        cast(coalesce(targets.target_value, zones.low) as decimal(28, 12)) as zone_target_value
    from {{ ref('int_metrics_shown') }} as targets
    left join {{ ref('benchmarks') }} as zones
        on targets.metric = 'inference_efficiency'
        and zones.metric = 'ier_{{ var("ai_business") }}' and zones.band = 'healthy'
    where targets.shown_on = 'scorecard'

),

measured as (

    {% for metric, its in measures.items() %}
    {%- set period = its.get('period', 'period_start_date') %}
    select
        '{{ metric }}' as metric,
        {{ period }} as measured_date,
        row_number() over (order by {{ period }} desc nulls last{{ its.get('newest', '') }}) - 1 as row_age,
        {{ its.value }} as metric_value,
        {{ its.get('verdict', 'cast(null as string)') }} as own_verdict,
        {{ its.get('unpriced', 'cast(null as decimal(28, 12))') }} as unpriced_ratio
    from {{ its.of }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

aged as (

    select
        measured.*,
        last_periods.age,
        last_periods.traffic_from_date
    from measured
    inner join {{ ref('int_scorecard_periods') }} as last_periods
        on case measured.metric
            {% for metric, its in measures.items() if 'last' in its -%}
            when '{{ metric }}' then measured.measured_date = last_periods.{{ its.last }}
            {% endfor -%}
            else measured.row_age = last_periods.age
        end

),

trust as (

    {% for metric, its in measures.items() if 'trust' in its %}
    select
        '{{ metric }}' as metric,
        period_start_date,
        unpriced_ratio,
        unattributed_ratio,
        cost_status
    from {{ its.trust }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

judged as (

    select
        metrics.*,
        -- What the evidence of today says of the last weeks' traffic has no date of its own, and no earlier day.
        coalesce(current_period.measured_date, current_period.traffic_from_date) as period_start_date,
        current_period.metric_value as current_value,
        previous_period.metric_value as previous_value,
        coalesce(trust.unpriced_ratio, current_period.unpriced_ratio) as unpriced_ratio,
        trust.unattributed_ratio,
        trust.cost_status,
        case
            when metrics.zone_target_value is null and current_period.metric_value is not null then 'no_target'
            when current_period.own_verdict in ('improving', 'met') then 'on_target'
            -- An interval of the change that spans 0: no worse, and not shown to be better.
            when current_period.own_verdict = 'flat' and metrics.comparison = '>=' then 'on_target'
            when current_period.own_verdict in ('flat', 'undecided') then 'undecided'
            -- Money was spent and nobody stayed: no price per customer, and none could be worse.
            when current_period.own_verdict in ('declining', 'no_survivors') then 'off_target'
            when metrics.metric = 'data_flywheel' then 'no_data'
            else {{ target_status('current_period.metric_value', 'metrics.zone_target_value', 'metrics.comparison') }}
        end as status
    from metrics
    left join aged as current_period
        on metrics.metric = current_period.metric
        and current_period.age = 0
    left join aged as previous_period
        on metrics.metric = previous_period.metric
        and previous_period.age = 1
    left join trust
        on current_period.metric = trust.metric
        and current_period.measured_date = trust.period_start_date

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
        target_label,
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
