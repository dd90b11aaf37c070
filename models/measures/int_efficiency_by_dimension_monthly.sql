-- AI revenue and inference cost of each month by one dimension at a time.
-- Grain: one row per month_date, dimension (all, product, feature, plan, segment, customer) and dimension_value with
-- AI revenue or inference cost. Internal use is left out, but for the dimension customer.
{{ config(materialized='table') }}
{% set dimensions = {
    'all': "'all'", 'product': 'product_id', 'plan': 'plan', 'segment': 'segment', 'customer': 'customer_id',
} %}
with

daily as (

    select * from {{ ref('int_unit_economics_daily') }}

),

entries as (

    {% for dimension, expression in dimensions.items() %}
    select
        month_date,
        '{{ dimension }}' as dimension,
        {{ expression }} as dimension_value,
        {{ cost_sum('ai_revenue_usd') }} as ai_revenue_usd,
        {{ cost_sum('inference_cost_usd') }} as inference_cost_usd
    from daily
    {% if dimension != 'customer' -%}
    where not is_internal
    {% endif -%}
    group by
        month_date,
        {{ expression }}

    union all

    {% endfor %}
    select
        month_date,
        'feature' as dimension,
        feature as dimension_value,
        ai_revenue_usd,
        inference_cost_usd
    from {{ ref('int_features_monthly') }}

),

final as (

    select
        month_date,
        dimension,
        dimension_value,
        {{ money('ai_revenue_usd') }} as ai_revenue_usd,
        {{ money('inference_cost_usd') }} as inference_cost_usd
    from entries
    where ai_revenue_usd <> 0 or inference_cost_usd <> 0

)

select * from final
