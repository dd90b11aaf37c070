-- AI revenue and inference cost of features by month. A product's AI revenue is shared over its features by successful
-- inferences; what a product earns in a month without any is the feature `unattributed`'s.
-- Grain: one row per month_date and feature.
with

usage_monthly as (

    select
        cast({{ dbt.date_trunc('month', 'usage_date') }} as date) as month_date,
        product_id,
        feature,
        {{ token_sum('successful_inference_count') }} as successful_inference_count,
        {{ cost_sum('inference_cost_usd') }} as inference_cost_usd
    from {{ ref('int_features_daily') }}
    group by
        month_date,
        product_id,
        feature

),

products as (

    select
        month_date,
        product_id,
        {{ token_sum('successful_inference_count') }} as successful_inference_count
    from usage_monthly
    group by
        month_date,
        product_id

),

revenue as (

    select
        month_date,
        product_id,
        {{ cost_sum('ai_revenue_usd') }} as ai_revenue_usd
    from {{ ref('int_unit_economics_daily') }}
    where not is_internal
    group by
        month_date,
        product_id

),

entries as (

    select
        usage_monthly.month_date,
        usage_monthly.feature,
        {{ money('coalesce(' ~ shared_part(
            'revenue.ai_revenue_usd', 'usage_monthly.successful_inference_count', 'products.successful_inference_count'
        ) ~ ', 0)') }} as ai_revenue_usd,
        usage_monthly.inference_cost_usd
    from usage_monthly
    inner join products
        on
            usage_monthly.month_date = products.month_date
            and usage_monthly.product_id = products.product_id
    left join revenue
        on
            usage_monthly.month_date = revenue.month_date
            and usage_monthly.product_id = revenue.product_id

    union all

    select
        revenue.month_date,
        'unattributed' as feature,
        revenue.ai_revenue_usd,
        {{ money('0') }} as inference_cost_usd
    from revenue
    left join products
        on
            revenue.month_date = products.month_date
            and revenue.product_id = products.product_id
    where coalesce(products.successful_inference_count, 0) = 0

),

final as (

    select
        month_date,
        feature,
        {{ cost_sum('ai_revenue_usd') }} as ai_revenue_usd,
        {{ cost_sum('inference_cost_usd') }} as inference_cost_usd
    from entries
    group by
        month_date,
        feature

)

select * from final
