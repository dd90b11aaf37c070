-- Every model of the price book on as_of_date: its list price (base context, standard service, no daily window) and
-- tier.
-- Grain: one row per book_provider and model.
with

prices as (

    select * from {{ ref('stg_price_book__model_prices') }}

),

as_of as (

    select * from {{ ref('int_as_of_date') }}

),

seed_tiers as (

    select * from {{ ref('model_tiers') }}

),

current_prices as (

    select distinct
        prices.book_provider,
        prices.model,
        prices.input_usd_per_mtok,
        prices.output_usd_per_mtok
    from prices
    cross join as_of
    where
        prices.service_tier = 'standard'
        and prices.input_tokens_from = 0
        and not prices.is_daily_window
        and (prices.valid_from_date is null or prices.valid_from_date <= as_of.as_of_date)
        -- Without any call there is no such day: the newest price stands.
        and (prices.valid_to_date is null or prices.valid_to_date > as_of.as_of_date)

),

ranked as (

    select
        current_prices.*,
        seed_tiers.model_tier as seed_tier,
        row_number() over (
            partition by current_prices.book_provider, current_prices.model
            order by (seed_tiers.provider is not null) desc, seed_tiers.model_tier asc nulls last
        ) as seed_rank
    from current_prices
    left join seed_tiers
        on lower(current_prices.model) = lower(trim(seed_tiers.model))
        and (seed_tiers.provider is null or lower(trim(seed_tiers.provider)) = current_prices.book_provider)

),

final as (

    select
        book_provider,
        model,
        input_usd_per_mtok,
        output_usd_per_mtok,
        case
            when seed_tier is not null then seed_tier
            when output_usd_per_mtok is null then 'embedding'
            else {{ model_tier_by_price('input_usd_per_mtok', 'output_usd_per_mtok') }}
        end as model_tier
    from ranked
    where seed_rank = 1

)

select * from final
