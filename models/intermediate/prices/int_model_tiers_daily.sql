-- How big each model of the logs counts on each day it was used: the seed's word, else by its list price.
-- Grain: one row per provider, model (both as logged) and utc_date.
with

models as (

    select distinct
        provider,
        model,
        utc_date,
        resolved_provider,
        resolved_model,
        book_provider,
        book_model,
        is_self_hosted
    from {{ ref('int_models_resolved_daily') }}

),

seed_tiers as (

    select * from {{ ref('model_tiers') }}

),

base_prices as (

    -- Base context, standard service, no daily window: one row per model and stretch of dates.
    select distinct
        book_provider,
        model,
        valid_from_date,
        valid_to_date,
        input_usd_per_mtok,
        output_usd_per_mtok
    from {{ ref('stg_price_book__model_prices') }}
    where
        service_tier = 'standard'
        and input_tokens_from = 0
        and not is_daily_window

),

overrides as (

    select * from {{ ref('int_price_overrides_matched') }}
    where service_tier = 'standard'

),

ranked as (

    select
        models.provider,
        models.model,
        models.utc_date,
        models.is_self_hosted,
        models.book_model is not null as is_in_book,
        seed_tiers.model_tier as seed_tier,
        -- A model the book has no price of has the negotiated price as its list price.
        coalesce(
            base_prices.input_usd_per_mtok,
            case when base_prices.output_usd_per_mtok is null then overrides.input_override end
        ) as input_usd_per_mtok,
        coalesce(
            base_prices.output_usd_per_mtok,
            case when base_prices.input_usd_per_mtok is null then overrides.output_override end
        ) as output_usd_per_mtok,
        row_number() over (
            partition by models.provider, models.model, models.utc_date
            order by (seed_tiers.provider is not null) desc, seed_tiers.model_tier asc nulls last
        ) as seed_rank
    from models
    left join seed_tiers
        on lower(trim(seed_tiers.model)) in (lower(models.model), lower(models.resolved_model))
        and (
            seed_tiers.provider is null
            or lower(trim(seed_tiers.provider)) in (models.provider, models.resolved_provider)
        )
    left join base_prices
        on models.book_provider = base_prices.book_provider
        and models.book_model = base_prices.model
        and (base_prices.valid_from_date is null or base_prices.valid_from_date <= models.utc_date)
        and (base_prices.valid_to_date is null or base_prices.valid_to_date > models.utc_date)
    left join overrides
        on models.provider = overrides.provider
        and models.model = overrides.model
        and models.utc_date = overrides.utc_date

),

final as (

    select
        provider,
        model,
        utc_date,
        case
            when seed_tier is not null then seed_tier
            when is_self_hosted then 'self_hosted'
            when is_in_book and output_usd_per_mtok is null then 'embedding'
            else {{ model_tier_by_price('input_usd_per_mtok', 'output_usd_per_mtok') }}
        end as model_tier
    from ranked
    where seed_rank = 1

)

select * from final
