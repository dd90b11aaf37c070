-- The list prices of each model name of the logs on each day it was used.
-- Grain: one row per provider, model, service_tier, utc_date, from_second and input_tokens_from.
-- A name the book does not know has one row without prices.
with

models as (

    select * from {{ ref('int_models_resolved_daily') }}

),

prices as (

    select * from {{ ref('stg_price_book__model_prices') }}

),

candidates as (

    select
        models.provider,
        models.model,
        models.service_tier,
        models.utc_date,
        models.resolved_provider,
        models.resolved_model,
        models.is_self_hosted,
        -- Names without any price of tokens or requests stand in the book too.
        coalesce(
            prices.request_usd,
            {% for price in token_prices() -%}
            prices.{{ price | replace('_usd_per_token', '_usd_per_mtok') }}{{ ',' if not loop.last }}
            {% endfor %}
        ) is not null as is_in_book,
        coalesce(prices.has_other_units, false) as has_other_units,
        coalesce(prices.service_tier <> models.service_tier, false) as has_tier_fallback,
        coalesce(prices.from_second, 0) as from_second,
        coalesce(prices.to_second, 86400) as to_second,
        coalesce(prices.is_daily_window, false) as is_daily_window,
        coalesce(prices.input_tokens_from, 0) as input_tokens_from,
        prices.input_tokens_to,
        coalesce(prices.context_tier, 'base') as context_tier,
        prices.input_usd_per_mtok,
        prices.cache_read_usd_per_mtok,
        prices.cache_write_5m_usd_per_mtok,
        prices.cache_write_1h_usd_per_mtok,
        prices.output_usd_per_mtok,
        prices.reasoning_usd_per_mtok,
        prices.input_audio_usd_per_mtok,
        prices.input_image_usd_per_mtok,
        prices.cache_audio_read_usd_per_mtok,
        prices.output_audio_usd_per_mtok,
        prices.output_image_usd_per_mtok,
        prices.web_search_usd,
        prices.request_usd,
        -- The served tier if the book knows it at that time, else standard.
        rank() over (
            partition by models.provider, models.model, models.service_tier, models.utc_date
            order by (prices.service_tier = models.service_tier) desc nulls last
        ) as tier_rank
    from models
    left join prices
        on models.book_provider = prices.book_provider
        and models.book_model = prices.model
        and (prices.valid_from_date is null or prices.valid_from_date <= models.utc_date)
        and (prices.valid_to_date is null or prices.valid_to_date > models.utc_date)
        and (
            prices.service_tier = 'standard'
            -- Price variants hold at the seller itself only, as in the package.
            or (models.service_tier = prices.service_tier and models.book_provider = models.resolved_provider)
        )

),

final as (

    select
        provider,
        model,
        service_tier,
        utc_date,
        resolved_provider,
        resolved_model,
        is_self_hosted,
        is_in_book,
        has_other_units,
        has_tier_fallback,
        from_second,
        to_second,
        is_daily_window,
        input_tokens_from,
        input_tokens_to,
        context_tier,
        input_usd_per_mtok,
        -- A bucket without its own price takes its parent's, as the package does.
        cache_read_usd_per_mtok is not null as has_cache_read_price,
        cache_write_5m_usd_per_mtok is not null as has_cache_write_5m_price,
        cache_write_1h_usd_per_mtok is not null as has_cache_write_1h_price,
        coalesce(cache_read_usd_per_mtok, input_usd_per_mtok) as cache_read_usd_per_mtok,
        coalesce(cache_write_5m_usd_per_mtok, input_usd_per_mtok) as cache_write_5m_usd_per_mtok,
        coalesce(cache_write_1h_usd_per_mtok, cache_write_5m_usd_per_mtok, input_usd_per_mtok)
            as cache_write_1h_usd_per_mtok,
        output_usd_per_mtok,
        reasoning_usd_per_mtok,
        input_audio_usd_per_mtok,
        input_image_usd_per_mtok,
        -- Cached audio is audio where the book has no price for cached tokens.
        coalesce(
            cache_audio_read_usd_per_mtok, case when cache_read_usd_per_mtok is null then input_audio_usd_per_mtok end
        ) as cache_audio_read_usd_per_mtok,
        output_audio_usd_per_mtok,
        output_image_usd_per_mtok,
        web_search_usd,
        request_usd
    from candidates
    where tier_rank = 1

)

select * from final
