-- Cost of serving beside AI (hosting, support), by day, customer and product.
-- Grain: one row per usage_date, customer_id and product_id. No bills are read yet: no rows.
select
    cast(null as date) as usage_date,
    cast(null as string) as customer_id,
    cast(null as string) as product_id,
    cast(null as decimal(28, 12)) as other_cogs_usd
from {{ ref('stg_canonical__ai_bills') }}
where false
