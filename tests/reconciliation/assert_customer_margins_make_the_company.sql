-- The sum of customer margins is the company's margin in each month, internal use aside, in every dimension.
with

customers as (

    select
        margins.period_start_date,
        {{ cost_sum('margins.revenue_usd') }} as revenue_usd,
        {{ cost_sum('margins.ai_revenue_usd') }} as ai_revenue_usd,
        {{ cost_sum('margins.ai_cost_usd') }} as ai_cost_usd,
        {{ cost_sum('margins.gross_profit_usd') }} as gross_profit_usd
    from {{ ref('customer_margins_monthly') }} as margins
    inner join {{ ref('dim_customers') }} as dim_customers
        on margins.customer_id = dim_customers.customer_id
    where not dim_customers.is_internal
    group by margins.period_start_date

),

names as (

    select dimension
    from (values ('all'), ('product'), ('plan'), ('segment'), ('business_model')) as dimensions (dimension)

),

expected as (

    select
        customers.*,
        names.dimension
    from customers
    cross join names

),

company as (

    select
        period_start_date,
        dimension,
        {{ cost_sum('revenue_usd') }} as revenue_usd,
        {{ cost_sum('ai_revenue_usd') }} as ai_revenue_usd,
        {{ cost_sum('ai_cost_usd') }} as ai_cost_usd,
        {{ cost_sum('gross_profit_usd') }} as gross_profit_usd
    from {{ ref('gross_margin_monthly') }}
    group by
        period_start_date,
        dimension

)

select
    coalesce(expected.period_start_date, company.period_start_date) as period_start_date,
    coalesce(expected.dimension, company.dimension) as dimension,
    expected.gross_profit_usd as expected_gross_profit_usd,
    company.gross_profit_usd
from expected
full outer join company
    on expected.period_start_date = company.period_start_date
    and expected.dimension = company.dimension
where
    expected.revenue_usd is distinct from company.revenue_usd
    or expected.ai_revenue_usd is distinct from company.ai_revenue_usd
    or expected.ai_cost_usd is distinct from company.ai_cost_usd
    or expected.gross_profit_usd is distinct from company.gross_profit_usd
