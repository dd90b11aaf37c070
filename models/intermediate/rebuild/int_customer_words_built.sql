-- What the counts and percentiles of months were last built with: int_customer_words_monthly as it stood, kept once they are
-- written.
-- Grain: one row per period_start_date.
{{ config(materialized='table') }}
{{ require_whole_build([
    'int_measured_months_touched',
    'int_customer_words_monthly',
    'int_inference_percentiles_monthly',
    'int_workflow_runs_monthly',
]) }}
with

final as (

    select
        period_start_date,
        fingerprint
    from {{ ref('int_customer_words_monthly') }}

)

select * from final
