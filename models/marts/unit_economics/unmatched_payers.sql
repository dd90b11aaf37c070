-- Paying customers the CRM does not know, beside the accounts they may be: an account that costs and does not pay, and
-- a payer that never costs, are often one customer.
-- Grain: one row per stripe_customer_id and candidate_customer_id. Settle each in the seed stripe_customer_map.
with

payers as (

    select * from {{ ref('int_payers_unmatched') }}

),

revenue as (

    select
        customer_id,
        {{ cost_sum('revenue_usd') }} as revenue_usd
    from {{ ref('fct_revenue_daily') }}
    group by customer_id

),

costs as (

    select
        customer_id,
        {{ cost_sum('ai_cost_usd') }} as ai_cost_usd
    from {{ ref('fct_usage_daily') }}
    group by customer_id

),

final as (

    select
        payers.stripe_customer_id,
        payers.customer_id,
        coalesce(payers.customer_name, payers.stripe_customer_id) as customer_name,
        payers.candidate_customer_id,
        coalesce(payers.candidate_name, payers.candidate_customer_id) as candidate_name,
        payers.matched_on,
        {{ money('coalesce(revenue.revenue_usd, 0)') }} as revenue_usd,
        {{ money('coalesce(costs.ai_cost_usd, 0)') }} as candidate_ai_cost_usd
    from payers
    left join revenue
        on payers.customer_id = revenue.customer_id
    left join costs
        on payers.candidate_customer_id = costs.customer_id

)

select * from final
