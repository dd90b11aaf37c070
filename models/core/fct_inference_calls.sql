-- Every call, with what it was for and what it cost.
-- Grain: one row per call_id. Calls are attempts: count inferences by is_inference, never by rows.
{{ config(materialized='view') }}
with

calls as (

    select * from {{ ref('int_calls_priced') }}

),

final as (

    select
        *,
        {{ inference_id('request_id', 'step', 'call_type') }} as inference_id,
        {{ model_key('provider', 'model') }} as model_key
    from calls

)

select * from final
