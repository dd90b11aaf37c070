-- What each delivered inference cost: all attempts of its request, at computed price, on the day of the one that
-- stands for it. Internal use is left out, and inferences with an attempt that has no price.
-- Grain: one row per request_id and step.
with

attempts as (

    select
        request_id,
        step,
        max(case when is_successful then usage_date end) as usage_date,
        max(case when is_successful then customer_id end) as customer_id,
        count(*) filter (where computed_cost_usd is null) as unpriced_call_count,
        {{ cost_sum('computed_cost_usd') }} as inference_cost_usd
    from {{ ref('fct_inference_calls') }}
    where {{ is_inference_type('call_type') }}
    group by
        request_id,
        step

)

select
    attempts.request_id,
    attempts.step,
    attempts.usage_date,
    attempts.customer_id,
    coalesce(plans_daily.plan, customers.crm_plan) as plan,
    customers.segment,
    attempts.inference_cost_usd
from attempts
inner join {{ ref('dim_customers') }} as customers
    on attempts.customer_id = customers.customer_id
left join {{ ref('int_customer_plans_daily') }} as plans_daily
    on
        attempts.customer_id = plans_daily.customer_id
        and attempts.usage_date = plans_daily.plan_date
where not customers.is_internal and attempts.unpriced_call_count = 0
