-- Failed, cancelled, retried and second answers of inference types are the unproductive cost of the daily fact, to the
-- last digit: a call in no class, or in two, would show here.
with

usage_monthly as (

    select
        cast({{ dbt.date_trunc('month', 'usage_daily.usage_date') }} as date) as period_start_date,
        {{ cost_sum('usage_daily.unproductive_cost_usd') }} as unproductive_cost_usd
    from {{ ref('fct_usage_daily') }} as usage_daily
    inner join {{ ref('dim_customers') }} as customers
        on usage_daily.customer_id = customers.customer_id
    where not customers.is_internal
    group by cast({{ dbt.date_trunc('month', 'usage_daily.usage_date') }} as date)

),

wasted_monthly as (

    select
        cast({{ dbt.date_trunc('month', 'usage_date') }} as date) as period_start_date,
        {{ cost_sum('wasted_cost_usd') }} as wasted_cost_usd
    from {{ ref('int_calls_wasted_daily') }}
    where
        waste_class in ('failed_but_billed', 'cancelled', 'retried', 'second_success')
        and {{ is_inference_type('call_type') }}
    group by cast({{ dbt.date_trunc('month', 'usage_date') }} as date)

)

select *
from usage_monthly
full outer join wasted_monthly
    on usage_monthly.period_start_date = wasted_monthly.period_start_date
where coalesce(usage_monthly.unproductive_cost_usd, 0) <> coalesce(wasted_monthly.wasted_cost_usd, 0)
