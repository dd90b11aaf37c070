-- Revenue and cost of the company by month straight from the core facts, without the models of margin.
with

usage_monthly as (

    select
        cast({{ dbt.date_trunc('month', 'usage_daily.usage_date') }} as date) as period_start_date,
        {{ money('0') }} as revenue_usd,
        {{ cost_sum('usage_daily.inference_cost_usd') }} as inference_cost_usd,
        {{ cost_sum('usage_daily.ai_cost_usd') }} as ai_cost_usd
    from {{ ref('fct_usage_daily') }} as usage_daily
    inner join {{ ref('dim_customers') }} as customers
        on usage_daily.customer_id = customers.customer_id
    where not customers.is_internal
    group by period_start_date

),

revenue_monthly as (

    select
        cast({{ dbt.date_trunc('month', 'revenue_daily.revenue_date') }} as date) as period_start_date,
        {{ cost_sum('revenue_daily.revenue_usd') }} as revenue_usd,
        {{ money('0') }} as inference_cost_usd,
        {{ money('0') }} as ai_cost_usd
    from {{ ref('fct_revenue_daily') }} as revenue_daily
    inner join {{ ref('dim_customers') }} as customers
        on revenue_daily.customer_id = customers.customer_id
    where not customers.is_internal
    group by period_start_date

),

both_facts as (

    select * from usage_monthly
    union all
    select * from revenue_monthly

),

expected as (

    select
        period_start_date,
        {{ cost_sum('revenue_usd') }} as revenue_usd,
        {{ cost_sum('inference_cost_usd') }} as inference_cost_usd,
        {{ cost_sum('ai_cost_usd') }} as ai_cost_usd
    from both_facts
    group by period_start_date

),

actual as (

    select * from {{ ref('gross_margin_monthly') }}
    where dimension = 'all'

)

select
    coalesce(expected.period_start_date, actual.period_start_date) as period_start_date,
    expected.revenue_usd as expected_revenue_usd,
    actual.revenue_usd,
    expected.ai_cost_usd as expected_ai_cost_usd,
    actual.ai_cost_usd
from expected
full outer join actual
    on expected.period_start_date = actual.period_start_date
where
    coalesce(expected.period_start_date, actual.period_start_date)
    <= (select max(as_of.as_of_date) from {{ ref('int_as_of_date') }} as as_of)
    and (
        coalesce(expected.revenue_usd, 0) <> coalesce(actual.revenue_usd, 0)
        or coalesce(expected.inference_cost_usd, 0) <> coalesce(actual.inference_cost_usd, 0)
        or coalesce(expected.ai_cost_usd, 0) <> coalesce(actual.ai_cost_usd, 0)
    )
