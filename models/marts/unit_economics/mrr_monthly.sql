-- Monthly recurring revenue (MRR) of the company and what moved it.
-- Grain: one row per period_start_date: the rows of recurring_revenue_monthly with dimension = 'all'.
{{ config(materialized='view') }}
with

final as (

    select
        period_start_date,
        opening_customer_count,
        churned_customer_count,
        closing_customer_count,
        opening_mrr_usd,
        new_mrr_usd,
        reactivated_mrr_usd,
        expansion_mrr_usd,
        contraction_mrr_usd,
        churned_mrr_usd,
        fx_mrr_usd,
        closing_mrr_usd,
        nrr_ratio,
        grr_ratio,
        logo_churn_ratio,
        nrr_t12m_ratio,
        grr_t12m_ratio,
        is_complete
    from {{ ref('recurring_revenue_monthly') }}
    where dimension = 'all'

)

select * from final
