-- Cost per inference of the company, by day.
-- Grain: one row per period_start_date: the rows of cost_per_inference with period_grain = 'day' and dimension = 'all'.
{{ config(materialized='view') }}
with

final as (

    {{ company_cost_per_inference(ref('cost_per_inference'), 'day') }}

)

select * from final
