-- Usage and cost of features by day, each with the product that sells it: the one of the seed feature_launches, else
-- the one the calls name. Internal use is left out.
-- Grain: one row per usage_date, product_id and feature.
{{ config(materialized='table') }}
with

final as (

    select
        usage_daily.usage_date,
        coalesce(launches.product_id, usage_daily.product_id) as product_id,
        usage_daily.feature,
        {{ token_sum('usage_daily.successful_inference_count') }} as successful_inference_count,
        {{ cost_sum('usage_daily.inference_cost_usd') }} as inference_cost_usd
    from {{ ref('fct_usage_daily') }} as usage_daily
    inner join {{ ref('dim_customers') }} as customers
        on usage_daily.customer_id = customers.customer_id
    left join {{ ref('feature_launches') }} as launches
        on usage_daily.feature = launches.feature
    where not customers.is_internal
    group by
        usage_daily.usage_date,
        coalesce(launches.product_id, usage_daily.product_id),
        usage_daily.feature

)

select * from final
