-- AI revenue and inference cost of each month are the same in every dimension, and those of the company's margin mart.
-- A feature's revenue is shared out, so within 0.000001 USD.
with

dimensions as (

    select
        period_start_date,
        dimension,
        {{ cost_sum('ai_revenue_usd') }} as ai_revenue_usd,
        {{ cost_sum('inference_cost_usd') }} as inference_cost_usd
    from {{ ref('inference_efficiency_monthly') }}
    where not is_forecast and dimension <> 'customer'
    group by
        period_start_date,
        dimension

),

company as (

    select
        margins.period_start_date,
        names.dimension,
        margins.ai_revenue_usd,
        margins.inference_cost_usd
    from {{ ref('gross_margin_monthly') }} as margins
    cross join (values ('all'), ('product'), ('feature'), ('plan'), ('segment')) as names (dimension)
    where margins.dimension = 'all'

)

select
    coalesce(company.period_start_date, dimensions.period_start_date) as period_start_date,
    coalesce(company.dimension, dimensions.dimension) as dimension,
    company.ai_revenue_usd as expected_ai_revenue_usd,
    dimensions.ai_revenue_usd,
    company.inference_cost_usd as expected_inference_cost_usd,
    dimensions.inference_cost_usd
from company
full outer join dimensions
    on company.period_start_date = dimensions.period_start_date
    and company.dimension = dimensions.dimension
where
    abs(coalesce(company.ai_revenue_usd, 0) - coalesce(dimensions.ai_revenue_usd, 0)) > 0.000001
    or abs(coalesce(company.inference_cost_usd, 0) - coalesce(dimensions.inference_cost_usd, 0)) > 0.000001
