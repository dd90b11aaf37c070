-- Revenue, cost and both margins of the company, by month.
-- Grain: one row per period_start_date: the rows of gross_margin_monthly with dimension = 'all'.
{{ config(materialized='view') }}
with

final as (

    select
        period_start_date,
        call_count,
        unpriced_call_count,
        successful_inference_count,
        revenue_usd,
        ai_revenue_usd,
        inference_cost_usd,
        fine_tuning_cost_usd,
        ai_cost_usd,
        other_cogs_usd,
        gross_profit_usd,
        inference_margin_ratio,
        gross_margin_ratio,
        inference_cost_to_revenue_ratio,
        unpriced_ratio,
        unattributed_ratio,
        cost_status,
        is_loss_making,
        is_complete,
        is_revenue_complete
    from {{ ref('gross_margin_monthly') }}
    where dimension = 'all'

)

select * from final
