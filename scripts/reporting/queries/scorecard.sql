-- The eight measures against their targets. Grain: one row per metric.
select
    metric,
    metric_name,
    cadence,
    period_start_date,
    unit,
    direction,
    cast(target_value as double) as target_value,
    target_label,
    cast(current_value as double) as current_value,
    cast(previous_value as double) as previous_value,
    status,
    missing,
    action,
    cast(unpriced_ratio as double) as unpriced_ratio,
    cast(unattributed_ratio as double) as unattributed_ratio,
    cost_status
from marts.scorecard
order by position asc nulls last
