-- Products with revenue and no row in the seed product_ai_share: their revenue counts as earned without AI. A warning,
-- because that may be true.
{{ config(severity='warn') }}
select
    revenue_daily.product_id,
    {{ cost_sum('revenue_daily.revenue_usd') }} as revenue_usd
from {{ ref('fct_revenue_daily') }} as revenue_daily
left join {{ ref('product_ai_share') }} as shares
    on revenue_daily.product_id = shares.product_id
where shares.product_id is null and revenue_daily.product_id <> 'unattributed'
group by revenue_daily.product_id
