-- What the facts were last built with: int_references as it stood, kept once the facts are written.
-- Grain: one row per reference_kind, reference_key and reference_part.
-- depends_on: {{ ref('int_days_touched') }}
-- depends_on: {{ ref('int_days_written') }}
-- depends_on: {{ ref('int_calls_priced') }}
-- depends_on: {{ ref('int_usage_priced_daily') }}
-- depends_on: {{ ref('int_users_daily') }}
-- depends_on: {{ ref('fct_usage_daily') }}
-- depends_on: {{ ref('fct_inference_costs') }}
-- depends_on: {{ ref('int_calls_cache_priced') }}
-- depends_on: {{ ref('int_caching_daily') }}
-- depends_on: {{ ref('int_prompts_repeated') }}
-- depends_on: {{ ref('int_waste_logged_daily') }}
-- depends_on: {{ ref('int_logged_costs_daily') }}
-- depends_on: {{ ref('int_workflow_runs_daily') }}
-- depends_on: {{ ref('int_inference_costs_daily') }}
-- depends_on: {{ ref('int_customer_words_built') }}
-- depends_on: {{ ref('int_allocation_references_built') }}
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
