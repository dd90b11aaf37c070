-- What the effective costs were last built with: int_allocation_references as it stood, kept once they are written.
-- Grain: one row per reference_kind, reference_key and utc_date.
-- depends_on: {{ ref('int_references_built') }}
{{ config(materialized='table') }}
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
