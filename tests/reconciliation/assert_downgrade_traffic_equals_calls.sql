-- Traffic and actual cost of each pair of models, counted over the calls themselves: the mart takes traffic from the
-- daily fact and cost from repriced calls, and a join that doubles or drops calls would move the savings.
-- Cost is compared where every eligible call has a price at the cheap model.
with

calls as (

    select
        lower(calls.model) as model,
        lower(calls.resolved_model) as resolved_model,
        calls.use_case,
        calls.computed_cost_usd,
        calls.pricing_status
    from {{ ref('fct_inference_calls') }} as calls
    left join {{ ref('dim_customers') }} as customers
        on calls.customer_id = customers.customer_id
    inner join {{ ref('int_as_of_date') }} as as_of
        on calls.usage_date <= as_of.as_of_date
        and cast({{ dbt.dateadd('day', var('traffic_days'), 'calls.usage_date') }} as date) > as_of.as_of_date
    where
        calls.is_successful
        and not customers.is_internal

),

pairs as (

    select tolerance.*
    from {{ ref('downgrade_tolerance') }} as tolerance
    inner join {{ ref('int_model_pairs_compared') }} as compared
        on tolerance.use_case = compared.use_case
        and tolerance.expensive_model = compared.expensive_model
        and tolerance.cheap_model = compared.cheap_model
    -- Of one seller only is a question of its own; without a name all sellers count.
    where compared.expensive_provider is null

),

counted as (

    select
        pairs.use_case,
        pairs.expensive_model,
        pairs.cheap_model,
        pairs.evidence_method,
        pairs.traffic_inference_count,
        pairs.unpriced_call_count,
        pairs.actual_cost_usd,
        count(calls.use_case) as call_count,
        {{ cost_sum('calls.computed_cost_usd', "calls.pricing_status in ('priced', 'overridden')") }}
            as computed_cost_usd
    from pairs
    left join calls
        on pairs.use_case = calls.use_case
        and (lower(pairs.expensive_model) = calls.model or lower(pairs.expensive_model) = calls.resolved_model)
    group by
        pairs.use_case,
        pairs.expensive_model,
        pairs.cheap_model,
        pairs.evidence_method,
        pairs.traffic_inference_count,
        pairs.unpriced_call_count,
        pairs.actual_cost_usd

)

select *
from counted
where
    call_count <> traffic_inference_count
    or (unpriced_call_count = 0 and computed_cost_usd <> actual_cost_usd)
