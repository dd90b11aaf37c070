-- Cost per inference of the company and what it is made of, in US cents, over 18 months.
-- Grain: one row per month and component.
with

months as (

    select cpi.*
    from marts.cost_per_inference as cpi
    cross join page_dates
    where
        cpi.period_grain = 'month'
        and cpi.dimension = 'all'
        and cpi.cpi_usd is not null
        and cpi.period_start_date <= page_dates.as_of_date
        and cpi.period_start_date > page_dates.as_of_date - interval 18 months

),

components as (

    unpivot months
    on columns('.+_cpi_usd')
    into name component value component_cpi_usd

)

select
    period_start_date,
    replace(component, '_cpi_usd', '') as component,
    cast(component_cpi_usd as double) * 100 as component_cents,
    cast(cpi_usd as double) * 100 as cpi_cents,
    cast(ai_cost_usd as double) as ai_cost_usd,
    successful_inference_count,
    is_complete
from components
order by period_start_date asc nulls last
