-- Measures of the scorecard in the week or month that still runs, for whoever has no complete one yet: no verdict is
-- passed on them. Grain: at most one row per metric.
with

running as (

    select
        'cost_per_inference' as metric,
        period_start_date,
        cpi_usd as metric_value,
        unpriced_ratio,
        unattributed_ratio,
        cost_status
    from marts.cost_per_inference
    where period_grain = 'week' and dimension = 'all' and not is_complete

    union all

    select 'gross_margin', period_start_date, this_week_value, null, null, null
    from marts.weekly_unit_economics
    where metric = 'gross_margin' and not is_complete

    union all

    select 'unit_cost_trend', period_start_date, change_3m_ratio, unpriced_ratio, unattributed_ratio, cost_status
    from marts.unit_cost_trend_monthly
    where not is_complete

    union all

    select 'prompt_efficiency', period_start_date, avg_total_tokens, null, null, null
    from marts.prompt_efficiency_weekly
    where use_case = 'all' and not is_complete

    union all

    -- Without revenue the ratio is 0: that is no finding while the month runs.
    select 'inference_efficiency', period_start_date, ier, unpriced_ratio, unattributed_ratio, cost_status
    from marts.inference_efficiency_monthly
    where dimension = 'all' and not is_forecast and not is_complete and ai_revenue_usd > 0

)

select
    running.metric,
    running.period_start_date,
    cast(running.metric_value as double) as metric_value,
    cast(running.unpriced_ratio as double) as unpriced_ratio,
    cast(running.unattributed_ratio as double) as unattributed_ratio,
    coalesce(running.cost_status, 'none') as cost_status
from running
inner join marts.scorecard
    on running.metric = scorecard.metric
where running.metric_value is not null and scorecard.status = 'no_data'
order by running.metric asc nulls last
