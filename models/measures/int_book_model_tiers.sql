-- How big each model of the price book counts on as_of_date.
-- Grain: one row per book_provider and model.
with

prices as (

    select * from {{ ref('int_book_prices_current') }}

),

seed_tiers as (

    select * from {{ ref('model_tiers') }}

),

ranked as (

    select
        prices.book_provider,
        prices.model,
        prices.input_usd_per_mtok,
        prices.output_usd_per_mtok,
        seed_tiers.model_tier as seed_tier,
        row_number() over (
            partition by prices.book_provider, prices.model
            order by (seed_tiers.provider is not null) desc, seed_tiers.model_tier asc nulls last
        ) as seed_rank
    from prices
    left join seed_tiers
        on lower(prices.model) = lower(trim(seed_tiers.model))
        and (seed_tiers.provider is null or lower(trim(seed_tiers.provider)) = prices.book_provider)

)

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
