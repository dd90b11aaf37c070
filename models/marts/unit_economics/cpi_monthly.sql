-- Cost per inference of the company, by month.
-- Grain: one row per period_start_date: the rows of cost_per_inference with period_grain = 'month' and dimension = 'all'.
{{ config(materialized='view') }}
with

final as (

    {{ company_cost_per_inference(ref('cost_per_inference'), 'month') }}

)

select * from final
