-- Every dollar of the customers' use is in one workflow and step of its month, and no other is.
with

usage_monthly as (

    select
        cast({{ dbt.date_trunc('month', 'usage_daily.usage_date') }} as date) as period_start_date,
        {{ token_sum('usage_daily.call_count') }} as call_count,
        {{ cost_sum('usage_daily.ai_cost_usd') }} as ai_cost_usd
    from {{ ref('fct_usage_daily') }} as usage_daily
    inner join {{ ref('dim_customers') }} as customers
        on usage_daily.customer_id = customers.customer_id
    where not customers.is_internal
    group by cast({{ dbt.date_trunc('month', 'usage_daily.usage_date') }} as date)

),

workflow_monthly as (

    select
        period_start_date,
        {{ token_sum('call_count') }} as call_count,
        {{ cost_sum('ai_cost_usd') }} as ai_cost_usd
    from {{ ref('workflow_costs_monthly') }}
    group by period_start_date

)

select *
from usage_monthly
full outer join workflow_monthly
    on usage_monthly.period_start_date = workflow_monthly.period_start_date
where
    coalesce(usage_monthly.period_start_date, workflow_monthly.period_start_date) <= (select max(as_of.as_of_date) from {{ ref('int_as_of_date') }} as as_of)
    and (
        coalesce(usage_monthly.call_count, 0) <> coalesce(workflow_monthly.call_count, 0)
        or coalesce(usage_monthly.ai_cost_usd, 0) <> coalesce(workflow_monthly.ai_cost_usd, 0)
    )
