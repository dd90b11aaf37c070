-- The week against the one before. Grain: one row per metric of the newest week shown.
select
    weekly.metric,
    weekly.metric_name,
    weekly.period_start_date,
    weekly.unit,
    weekly.direction,
    cast(weekly.this_week_value as double) as this_week_value,
    cast(weekly.last_week_value as double) as last_week_value,
    cast(weekly.target_value as double) as target_value,
    weekly.status,
    weekly.is_complete
from marts.weekly_unit_economics as weekly
inner join page_dates
    on weekly.period_start_date = page_dates.week_date
order by weekly.position asc nulls last
