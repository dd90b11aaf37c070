-- Every call, with what it was for and what it cost.
-- Grain: one row per call_id. Calls are attempts: count inferences by is_inference, never by rows.
{{ config(materialized='view') }}
with

final as (

    select * from {{ ref('int_calls_priced') }}

)

select * from final
