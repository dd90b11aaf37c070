-- How each measure of the scorecard came to where it is: its last 13 periods up to the page's.
-- Grain: one row per metric and period.
with

histories as (

    select 'cost_per_inference' as metric, period_start_date, cast(cpi_usd as double) as metric_value, week_date as last_date
    from marts.cost_per_inference cross join page_dates
    where period_grain = 'week' and dimension = 'all'

    union all

    select 'gross_margin', period_start_date, cast(this_week_value as double), week_date
    from marts.weekly_unit_economics cross join page_dates
    where metric = 'gross_margin'

    union all

    select 'unit_cost_trend', period_start_date, cast(change_3m_ratio as double), month_date
    from marts.unit_cost_trend_monthly cross join page_dates

    union all

    select 'adjusted_cac', cohort_month_date, cast(adjusted_cac_usd as double), month_date
    from marts.acquisition_cohorts_monthly cross join page_dates
    where channel = 'all' and is_mature

    union all

    select 'data_flywheel', released_date, cast(improvement_per_10k_users_ratio as double), as_of_date
    from marts.data_flywheel cross join page_dates

    union all

    select 'prompt_efficiency', period_start_date, cast(avg_total_tokens as double), week_date
    from marts.prompt_efficiency_weekly cross join page_dates
    where use_case = 'all'

    union all

    select 'inference_efficiency', period_start_date, cast(ier as double), month_date
    from marts.inference_efficiency_monthly cross join page_dates
    where dimension = 'all' and not is_forecast

)

select metric, period_start_date, metric_value
from histories
where period_start_date <= last_date and metric_value is not null
qualify row_number() over (partition by metric order by period_start_date desc nulls last) <= 13
order by metric asc nulls last, period_start_date asc nulls last
