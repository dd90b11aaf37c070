-- Why cost per inference moved against the month before, in US cents, over 18 months.
-- Grain: one row per month and effect.
select
    bridge.period_start_date,
    bridge.effect,
    cast(bridge.effect_usd as double) * 100 as effect_cents,
    cast(bridge.previous_cpi_usd as double) * 100 as previous_cpi_cents,
    cast(bridge.cpi_usd as double) * 100 as cpi_cents,
    cast(bridge.unpriced_ratio as double) as unpriced_ratio,
    cast(bridge.previous_unpriced_ratio as double) as previous_unpriced_ratio,
    bridge.is_complete
from marts.cpi_bridge_monthly as bridge
cross join page_dates
where
    bridge.dimension = 'all'
    and bridge.period_start_date <= page_dates.as_of_date
    and bridge.period_start_date > page_dates.as_of_date - interval 18 months
order by bridge.period_start_date asc nulls last, bridge.effect asc nulls last
