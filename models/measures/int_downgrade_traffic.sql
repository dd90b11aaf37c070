-- The calls that a cheap model might take over from an expensive one, what they cost and what they would have cost.
-- Grain: one row per use_case, expensive_model and cheap_model compared, of the 28 days to as_of_date.
-- Traffic are all successful inferences, internal use aside; costs are of the productive ones with a price.
with

pairs as (

    select * from {{ ref('int_model_pairs_compared') }}

),

usage_rows as (

    select usage_daily.*
    from {{ ref('fct_usage_daily') }} as usage_daily
    inner join {{ ref('dim_customers') }} as customers
        on usage_daily.customer_id = customers.customer_id
    cross join {{ ref('int_as_of_date') }} as as_of
    where
        not customers.is_internal
        and {{ is_recent_traffic('usage_daily.usage_date') }}

),

traffic as (

    select
        pairs.use_case,
        pairs.expensive_model,
        pairs.cheap_model,
        {{ token_sum('usage_rows.successful_inference_count') }} as traffic_inference_count
    from pairs
    left join usage_rows
        on {{ uses_model('pairs', 'usage_rows') }}
    group by
        pairs.use_case,
        pairs.expensive_model,
        pairs.cheap_model

),

costs as (

    select
        use_case,
        expensive_model,
        cheap_model,
        count(*) as eligible_call_count,
        count(*) filter (where repriced_cost_usd is null) as unpriced_call_count,
        -- A call the cheap model has no price for stands on neither side.
        {{ cost_sum('computed_cost_usd', 'repriced_cost_usd is not null') }} as actual_cost_usd,
        {{ cost_sum('repriced_cost_usd') }} as repriced_cost_usd
    from {{ ref('int_calls_repriced') }}
    where is_recent
    group by
        use_case,
        expensive_model,
        cheap_model

),

final as (

    select
        traffic.use_case,
        traffic.expensive_model,
        traffic.cheap_model,
        traffic.traffic_inference_count,
        coalesce(costs.eligible_call_count, 0) as eligible_call_count,
        coalesce(costs.unpriced_call_count, 0) as unpriced_call_count,
        {{ money('coalesce(costs.actual_cost_usd, 0)') }} as actual_cost_usd,
        {{ money('coalesce(costs.repriced_cost_usd, 0)') }} as repriced_cost_usd,
        {{ ratio('costs.actual_cost_usd', 'costs.repriced_cost_usd') }} as cost_multiple
    from traffic
    left join costs
        on traffic.use_case = costs.use_case
        and traffic.expensive_model = costs.expensive_model
        and traffic.cheap_model = costs.cheap_model

)

select * from final
