-- Per customer and month, internal use included: AI revenue and inference cost straight from the core facts.
with

entries as (

    select
        cast({{ dbt.date_trunc('month', 'revenue_date') }} as date) as period_start_date,
        customer_id,
        ai_revenue_usd,
        {{ money('0') }} as inference_cost_usd
    from {{ ref('fct_revenue_daily') }}

    union all

    select
        cast({{ dbt.date_trunc('month', 'usage_date') }} as date) as period_start_date,
        customer_id,
        {{ money('0') }} as ai_revenue_usd,
        inference_cost_usd
    from {{ ref('fct_usage_daily') }}

),

expected as (

    select
        period_start_date,
        customer_id,
        {{ cost_sum('ai_revenue_usd') }} as ai_revenue_usd,
        {{ cost_sum('inference_cost_usd') }} as inference_cost_usd
    from entries
    group by
        period_start_date,
        customer_id

),

actual as (

    select * from {{ ref('inference_efficiency_monthly') }}
    where dimension = 'customer' and not is_forecast

)

select
    coalesce(expected.period_start_date, actual.period_start_date) as period_start_date,
    coalesce(expected.customer_id, actual.dimension_value) as customer_id,
    expected.ai_revenue_usd as expected_ai_revenue_usd,
    actual.ai_revenue_usd
from expected
full outer join actual
    on expected.period_start_date = actual.period_start_date
    and expected.customer_id = actual.dimension_value
where
    coalesce(expected.period_start_date, actual.period_start_date)
    <= (select max(as_of.as_of_date) from {{ ref('int_as_of_date') }} as as_of)
    and (
        coalesce(expected.ai_revenue_usd, 0) <> coalesce(actual.ai_revenue_usd, 0)
        or coalesce(expected.inference_cost_usd, 0) <> coalesce(actual.inference_cost_usd, 0)
    )
