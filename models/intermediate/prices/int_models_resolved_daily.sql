-- What each model name of the logs meant on each day it was used. The cheap models of evaluations and the targets of
-- scenarios are named on every day of calls: somebody will ask what those would have cost on them. So is the standard
-- tier of every model: a model's size goes by its standard price, whatever tier was served.
-- Grain: one row per provider, model, service_tier (all as logged) and utc_date.
{{ config(materialized='table') }}
with

events as (

    select * from {{ ref('int_calls_landed') }}

),

evaluated as (

    select * from {{ ref('int_models_evaluated') }}

),

names as (

    select * from {{ ref('int_names_resolved') }}

),

called as (

    select distinct
        provider,
        model,
        service_tier,
        utc_date
    from events

),

days as (

    select distinct
        service_tier,
        utc_date
    from called

),

seen as (

    select * from called

    union

    select
        provider,
        model,
        'standard' as service_tier,
        utc_date
    from called

    union

    select
        evaluated.provider,
        evaluated.model,
        days.service_tier,
        days.utc_date
    from evaluated
    cross join days

),

final as (

    select
        seen.provider,
        seen.model,
        seen.service_tier,
        seen.utc_date,
        coalesce(names.resolved_provider, nullif(seen.provider, '')) as resolved_provider,
        coalesce(names.resolved_model, seen.model) as resolved_model,
        names.book_provider,
        names.book_model,
        coalesce(names.is_self_hosted, seen.provider = 'self_hosted') as is_self_hosted
    from seen
    left join names
        on seen.provider = names.provider
        and trim(seen.model) = names.model
        and seen.utc_date >= names.valid_from_date
        and seen.utc_date < names.valid_to_date

)

select * from final
