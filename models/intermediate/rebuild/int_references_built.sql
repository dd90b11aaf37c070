-- What the facts were last built with: int_references as it stood, kept once the facts are written.
-- Grain: one row per reference_kind, reference_key and reference_part.
-- depends_on: {{ ref('int_users_daily') }}
-- depends_on: {{ ref('fct_usage_daily') }}
-- depends_on: {{ ref('fct_inference_costs') }}
-- depends_on: {{ ref('int_days_written') }}
-- depends_on: {{ ref('int_calls_cache_priced') }}
-- depends_on: {{ ref('int_caching_daily') }}
-- depends_on: {{ ref('int_prompts_repeated') }}
-- depends_on: {{ ref('int_waste_logged_daily') }}
-- depends_on: {{ ref('int_logged_costs_daily') }}
-- depends_on: {{ ref('int_workflow_runs_daily') }}
-- depends_on: {{ ref('int_inference_costs_daily') }}
-- depends_on: {{ ref('int_customer_words_built') }}
{{ config(materialized='table') }}
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
