-- What the effective costs were last built with: int_allocation_references as it stood, kept once they are written.
-- Grain: one row per reference_kind, reference_key and utc_date.
{{ config(materialized='table') }}
{{ require_whole_build([
    'int_allocation_references',
    'int_usage_days_touched',
    'fct_usage_daily',
    'fct_inference_costs',
]) }}
with

final as (

    select
        reference_kind,
        reference_key,
        utc_date,
        fingerprint
    from {{ ref('int_allocation_references') }}

)

select * from final
