-- Cost per inference of the company, by day.
-- Grain: one row per period_start_date: the rows of cost_per_inference with period_grain = 'day' and dimension = 'all'.
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
        {% for component in cost_components() -%}
        {{ component }},
        {% endfor -%}
        inference_cost_usd,
        ai_cost_usd,
        {% for component in cost_components() -%}
        {{ component | replace('_cost_usd', '_cpi_usd') }},
        {% endfor -%}
        cpi_usd,
        unpriced_ratio,
        unattributed_ratio,
        cost_status,
        cpi_status,
        is_complete
    from {{ ref('cost_per_inference') }}
    where period_grain = 'day' and dimension = 'all'

)

select * from final
