-- Inference efficiency ratio (IER) of the company, by month, without the forecast.
-- Grain: one row per period_start_date: the rows of inference_efficiency_monthly with dimension = 'all' and not is_forecast.
{{ config(materialized='view') }}
with

final as (

    select
        period_start_date,
        ai_revenue_usd,
        inference_cost_usd,
        ier,
        ier_t3m,
        unsubsidised_ier,
        unpriced_ratio,
        unattributed_ratio,
        cost_status,
        warning_below_ier,
        floor_ier,
        healthy_from_ier,
        zone,
        is_complete
    from {{ ref('inference_efficiency_monthly') }}
    where dimension = 'all' and not is_forecast

)

select * from final
