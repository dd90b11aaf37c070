-- What each model name of the logs meant on each day it was used: dated alias first, then the package's matching. The
-- cheap models of evaluations are named on every day of calls: somebody will ask what those would have cost on them.
-- Grain: one row per provider, model, service_tier (all as logged) and utc_date.
-- An unknown name keeps itself as resolved name and has no book_model.
{{ config(materialized='table') }}
with

events as (

    select * from {{ ref('int_calls_landed') }}

),

evaluated as (

    select * from {{ ref('int_models_evaluated') }}

),

aliases as (

    select * from {{ ref('model_aliases') }}

),

resolutions as (

    select * from {{ ref('stg_price_book__model_resolutions') }}

),

book as (

    select distinct
        book_provider,
        model
    from {{ ref('stg_price_book__model_prices') }}

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
        evaluated.provider,
        evaluated.model,
        days.service_tier,
        days.utc_date
    from evaluated
    cross join days

),

aliased as (

    select
        seen.provider,
        seen.model,
        seen.service_tier,
        seen.utc_date,
        lower(trim(coalesce(aliases.resolved_provider, seen.provider))) as named_provider,
        coalesce(trim(aliases.resolved_model), seen.model) as named_model,
        row_number() over (
            partition by seen.provider, seen.model, seen.service_tier, seen.utc_date
            -- An alias of the model is closer than one of all its provider's models, one of the provider closer than
            -- one of any provider, the newest closer than an older one.
            order by (aliases.model is not null) desc, (aliases.provider is not null) desc,
            aliases.valid_from_date desc nulls last,
            aliases.resolved_provider asc nulls last, aliases.resolved_model asc nulls last
        ) as alias_rank
    from seen
    left join aliases
        on (aliases.model is null or lower(seen.model) = lower(trim(aliases.model)))
        and (aliases.provider is null or lower(trim(aliases.provider)) = seen.provider)
        and (aliases.model is not null or aliases.provider is not null)
        and (aliases.valid_from_date is null or aliases.valid_from_date <= seen.utc_date)
        and (aliases.valid_to_date is null or aliases.valid_to_date > seen.utc_date)

),

final as (

    select
        aliased.provider,
        aliased.model,
        aliased.service_tier,
        aliased.utc_date,
        coalesce(resolutions.resolved_provider, nullif(aliased.named_provider, '')) as resolved_provider,
        coalesce(resolutions.book_model, book.model, aliased.named_model) as resolved_model,
        coalesce(resolutions.book_provider, book.book_provider) as book_provider,
        coalesce(resolutions.book_model, book.model) as book_model,
        aliased.named_provider = 'self_hosted' as is_self_hosted
    from aliased
    left join resolutions
        on aliased.named_provider = resolutions.provider
        and aliased.named_model = resolutions.model
    -- An alias written after the last landing is not resolved yet; the package's own names need no resolving.
    left join book
        on resolutions.provider is null
        and aliased.named_provider = book.book_provider
        and aliased.named_model = book.model
    where aliased.alias_rank = 1

)

select * from final
