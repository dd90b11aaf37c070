-- The economics of active users are the company's: every dimension holds the margin mart's cost, revenue and profit.
with

users as (

    select
        period_start_date,
        dimension,
        {{ cost_sum('ai_cost_usd') }} as ai_cost_usd,
        {{ cost_sum('ai_revenue_usd') }} as ai_revenue_usd,
        {{ cost_sum('gross_profit_usd') }} as gross_profit_usd
    from {{ ref('active_user_economics_monthly') }}
    group by
        period_start_date,
        dimension

),

company as (

    select
        margins.*,
        names.users_dimension
    from {{ ref('gross_margin_monthly') }} as margins
    cross join (values ('all'), ('plan'), ('segment'), ('signup_cohort')) as names (users_dimension)
    where margins.dimension = 'all'

)

select
    coalesce(company.period_start_date, users.period_start_date) as period_start_date,
    coalesce(company.users_dimension, users.dimension) as dimension,
    company.gross_profit_usd as expected_gross_profit_usd,
    users.gross_profit_usd
from company
full outer join users
    on company.period_start_date = users.period_start_date
    and company.users_dimension = users.dimension
where
    company.ai_cost_usd is distinct from users.ai_cost_usd
    or company.ai_revenue_usd is distinct from users.ai_revenue_usd
    or company.gross_profit_usd is distinct from users.gross_profit_usd
