-- What each delivered inference cost: all attempts of its request, as billed, on the day of the one that stands for it.
-- Internal use is left out, and inferences with an attempt that has no price.
-- Grain: one row per request_id and step.
-- A table: the cost of single calls is worked out here once.
{{ config(materialized='table') }}
with

attempts as (

    select
        calls.request_id,
        calls.step,
        max(case when calls.is_successful then calls.usage_date end) as usage_date,
        max(case when calls.is_successful then calls.customer_id end) as customer_id,
        count(*) filter (where calls.computed_cost_usd is null) as unpriced_call_count,
        {{ cost_sum('costs.ai_cost_usd') }} as ai_cost_usd
    from {{ ref('fct_inference_calls') }} as calls
    inner join {{ ref('fct_inference_costs') }} as costs
        on calls.call_id = costs.call_id
    where {{ is_inference_type('calls.call_type') }}
    group by
        calls.request_id,
        calls.step

),

final as (

    select
        attempts.request_id,
        attempts.step,
        attempts.usage_date,
        attempts.customer_id,
        coalesce(plans.plan, customers.crm_plan) as plan,
        customers.segment,
        attempts.ai_cost_usd as inference_cost_usd
    from attempts
    inner join {{ ref('dim_customers') }} as customers
        on attempts.customer_id = customers.customer_id
    left join {{ ref('dim_customer_plans') }} as plans
        on
            attempts.customer_id = plans.customer_id
            and attempts.usage_date >= plans.valid_from_date
            and (plans.valid_to_date is null or attempts.usage_date < plans.valid_to_date)
    where not customers.is_internal and attempts.unpriced_call_count = 0

)

select * from final
