-- How far the month shown can be trusted. Grain: one row per period_start_date of the month shown, the whole company.
select
    cast(cpi.ai_cost_usd as double) as ai_cost_usd,
    cast(cpi.cpi_usd as double) as cpi_usd,
    cast(cpi.unpriced_ratio as double) as unpriced_ratio,
    cast(cpi.unattributed_ratio as double) as unattributed_ratio,
    cpi.cost_status
from marts.cost_per_inference as cpi
inner join page_dates
    on cpi.period_start_date = page_dates.month_date
where cpi.period_grain = 'month' and cpi.dimension = 'all'
