-- Cheap models that were tried: their prices are needed on days on which nobody called them.
-- Grain: one row per provider (empty when not named) and model, as evaluated.
with

pairs as (

    select * from {{ ref('stg_canonical__paired_evaluations') }}

),

ab_results as (

    select * from {{ ref('stg_canonical__ab_results') }}

)

select
    coalesce(cheap_provider, '') as provider,
    cheap_model as model
from pairs

union

select
    '' as provider,
    model
from ab_results
where arm = 'cheap'
