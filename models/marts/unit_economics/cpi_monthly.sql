-- Cost per inference of the company, by month.
-- Grain: one row per period_start_date: the rows of cost_per_inference with period_grain = 'month' and dimension = 'all'.
{{ config(materialized='view') }}
with

final as (

    select
        period_start_date,
        call_count,
        attempt_count,
        inference_count,
        successful_inference_count,
        unpriced_call_count,
        llm_api_cost_usd,
        prompt_cache_cost_usd,
        embedding_cost_usd,
        gpu_compute_cost_usd,
        vector_db_cost_usd,
        fine_tuning_cost_usd,
        other_ai_cost_usd,
        inference_cost_usd,
        ai_cost_usd,
        llm_api_cpi_usd,
        prompt_cache_cpi_usd,
        embedding_cpi_usd,
        gpu_compute_cpi_usd,
        vector_db_cpi_usd,
        fine_tuning_cpi_usd,
        other_ai_cpi_usd,
        cpi_usd,
        unpriced_ratio,
        unattributed_ratio,
        cost_status,
        cpi_status,
        is_complete
    from {{ ref('cost_per_inference') }}
    where period_grain = 'month' and dimension = 'all'

)

select * from final
