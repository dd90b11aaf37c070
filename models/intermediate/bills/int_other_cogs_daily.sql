-- Hosting, support and other cost of sales that is not AI, by the customers and products it was shared over.
-- Grain: one row per usage_date, customer_id and product_id.
{{ config(materialized='table') }}
with

parts as (

    select
        usage_date,
        customer_id,
        product_id,
        allocated_cost_usd as cost_usd
    from {{ ref('int_bills_allocated_to_usage') }}
    where component = 'other_cogs'

    union all

    select
        usage_date,
        customer_id,
        product_id,
        unattributed_cost_usd as cost_usd
    from {{ ref('int_bills_unattributed_daily') }}
    where component = 'other_cogs'

),

final as (

    select
        usage_date,
        customer_id,
        product_id,
        {{ cost_sum('cost_usd') }} as other_cogs_usd
    from parts
    group by
        usage_date,
        customer_id,
        product_id

)

select * from final
