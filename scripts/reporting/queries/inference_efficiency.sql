-- AI revenue per dollar of inference, and its forecast. Grain: one row per month and is_forecast.
select
    efficiency.period_start_date,
    cast(efficiency.ai_revenue_usd as double) as ai_revenue_usd,
    cast(efficiency.inference_cost_usd as double) as inference_cost_usd,
    cast(efficiency.ier as double) as ier,
    cast(efficiency.ier_low as double) as ier_low,
    cast(efficiency.ier_high as double) as ier_high,
    cast(efficiency.unsubsidised_ier as double) as unsubsidised_ier,
    cast(efficiency.warning_below_ier as double) as warning_below_ier,
    cast(efficiency.floor_ier as double) as floor_ier,
    cast(efficiency.healthy_from_ier as double) as healthy_from_ier,
    efficiency.zone,
    efficiency.is_complete,
    efficiency.is_forecast
from marts.inference_efficiency_monthly as efficiency
cross join page_dates
where
    efficiency.dimension = 'all'
    and efficiency.ier is not null
    and efficiency.period_start_date > page_dates.as_of_date - interval 18 months
    and (efficiency.is_forecast or efficiency.period_start_date <= page_dates.as_of_date)
order by efficiency.period_start_date asc nulls last, efficiency.is_forecast asc nulls last
