-- What the counts and percentiles of months were last built with: int_customer_words_monthly as it stood, kept once they are
-- written.
-- Grain: one row per period_start_date.
-- depends_on: {{ ref('int_inference_percentiles_monthly') }}
-- depends_on: {{ ref('int_workflow_runs_monthly') }}
{{ config(materialized='table') }}
with

final as (

    select
        period_start_date,
        fingerprint
    from {{ ref('int_customer_words_monthly') }}

)

select * from final
