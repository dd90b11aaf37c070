-- Hosting, support and other cost of sales that is not AI, by the customers and products it was shared over.
-- Grain: one row per usage_date, customer_id and product_id.
-- Only full gross margin has it: it is no part of AI cost.
{{ config(materialized='view') }}
with

final as (

    select
        usage_date,
        customer_id,
        product_id,
        other_cogs_usd
    from {{ ref('int_other_cogs_daily') }}

)

select * from final
