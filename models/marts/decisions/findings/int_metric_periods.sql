-- What the metrics of the scorecard were in each of their periods, numbered one after the other.
-- Grain: one row per metric and period_number.
-- Weeks and months are numbered by the calendar, in days and months: one without a row leaves a gap. Cohorts and releases come when they
-- come, and are counted. downgrade_tolerance keeps no earlier values and is not here.
{% set metrics = {
    'cost_per_inference': {
        'mart': 'cost_per_inference', 'value': 'cpi_usd', 'unit': 'day',
        'rows': "period_grain = 'week' and dimension = 'all'"
    },
    'gross_margin': {
        'mart': 'weekly_unit_economics', 'value': 'this_week_value', 'unit': 'day',
        'rows': "metric = 'gross_margin'"
    },
    'prompt_efficiency': {
        'mart': 'prompt_efficiency_weekly', 'value': 'avg_total_tokens', 'unit': 'day', 'rows': "use_case = 'all'"
    },
    'unit_cost_trend': {
        'mart': 'unit_cost_trend_monthly', 'value': 'change_3m_ratio', 'unit': 'month', 'rows': 'true'
    },
    'inference_efficiency': {
        'mart': 'int_efficiency_by_dimension_monthly', 'date': 'month_date', 'unit': 'month',
        'value': 'case when inference_cost_usd > 0 then ' ~ ratio('ai_revenue_usd', 'inference_cost_usd') ~ ' end',
        'rows': "dimension = 'all'"
    },
} %}
with

final as (

    {% for metric, history in metrics.items() -%}
    {%- set unit, date = history.unit, history.date or 'period_start_date' -%}
    select
        '{{ metric }}' as metric,
        cast({{ dbt.datediff("cast('2000-01-01' as date)", date, unit) }} as bigint) as period_number,
        cast({{ 7 if unit == 'day' else 1 }} as bigint) as period_step,
        {{ date }} as period_start_date,
        cast({{ history.value }} as decimal(28, 12)) as metric_value,
        false as is_off
    from {{ ref(history.mart) }}
    where {{ history.rows }}

    union all

    {% endfor -%}
    -- As on the scorecard: a cohort nothing was landed for has no price.
    select
        'adjusted_cac' as metric,
        cast(row_number() over (order by cohort_month_date asc nulls last) as bigint) as period_number,
        cast(1 as bigint) as period_step,
        cohort_month_date as period_start_date,
        adjusted_cac_usd as metric_value,
        cohort_status = 'no_survivors' as is_off
    from {{ ref('acquisition_cohorts_monthly') }}
    where
        channel = 'all'
        and is_mature
        and spend_usd > 0

    union all

    -- The interval of the change decides, not the number.
    select
        'data_flywheel' as metric,
        cast(row_number() over (order by released_date asc nulls last, release_id asc nulls last) as bigint)
            as period_number,
        cast(1 as bigint) as period_step,
        released_date as period_start_date,
        cast(null as decimal(28, 12)) as metric_value,
        status = 'declining' as is_off
    from {{ ref('data_flywheel') }}

)

select * from final
