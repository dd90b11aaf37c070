-- What the facts were last built with: int_references as it stood, kept once the facts are written.
-- Grain: one row per reference_kind, reference_key and reference_part.
{{ config(materialized='table') }}
{{ require_whole_build([
    'int_references',
    'int_days_touched',
    'int_days_written',
    'int_calls_priced',
    'int_usage_priced_daily',
    'int_users_daily',
    'fct_usage_daily',
    'fct_inference_costs',
    'int_calls_cache_priced',
    'int_caching_daily',
    'int_prompts_repeated',
    'int_waste_logged_daily',
    'int_logged_costs_daily',
    'int_workflow_runs_daily',
    'int_inference_costs_daily',
    'int_customer_words_built',
    'int_allocation_references_built',
]) }}
with

final as (

    select
        reference_kind,
        reference_key,
        reference_part,
        fingerprint
    from {{ ref('int_references') }}

)

select * from final
