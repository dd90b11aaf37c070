-- What the facts were last built with: int_references as it stood, kept once the facts are written.
-- Grain: one row per reference_kind, reference_key and reference_part.
-- depends_on: {{ ref('int_calls_priced') }}
-- depends_on: {{ ref('int_users_daily') }}
-- depends_on: {{ ref('fct_usage_daily') }}
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
