-- List price of every model of the price book on as_of_date: base context, standard service, no daily window.
-- Grain: one row per book_provider and model.
with

prices as (

    select * from {{ ref('stg_price_book__model_prices') }}

),

as_of as (

    select * from {{ ref('int_as_of_date') }}

),

final as (

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

)

select * from final
