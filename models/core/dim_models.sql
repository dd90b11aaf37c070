-- Models, with their list price today.
-- Grain: one row per provider and model, as seen in calls or as listed in the price book.
-- Prices are for a first look. A call was priced at its own time: ask fct_inference_calls what it cost.
with

usage_rows as (

    select distinct
        usage_date,
        provider,
        model,
        resolved_provider,
        resolved_model,
        model_tier
    from {{ ref('int_usage_priced_daily') }}

),

book as (

    select * from {{ ref('int_book_models') }}

),

book_owners as (

    select distinct
        resolved_provider,
        resolved_model,
        book_provider
    from {{ ref('int_models_resolved_daily') }}
    where book_provider is not null

),

ranked as (

    select
        *,
        row_number() over (
            partition by provider, model
            order by usage_date desc nulls last, resolved_provider asc nulls last, resolved_model asc nulls last,
            model_tier asc nulls last
        ) as recency_rank
    from usage_rows

),

seen as (

    -- Every name of the calls, as it was last understood.
    select * from ranked
    where recency_rank = 1

),

seen_priced as (

    select
        seen.provider,
        seen.model,
        seen.resolved_provider,
        seen.resolved_model,
        seen.model_tier,
        max(book.input_usd_per_mtok) as input_price_usd_per_mtok,
        max(book.output_usd_per_mtok) as output_price_usd_per_mtok,
        true as is_seen
    from seen
    left join book_owners
        on seen.resolved_provider = book_owners.resolved_provider
        and seen.resolved_model = book_owners.resolved_model
    left join book
        on book_owners.book_provider = book.book_provider
        and book_owners.resolved_model = book.model
    group by
        seen.provider,
        seen.model,
        seen.resolved_provider,
        seen.resolved_model,
        seen.model_tier

),

listed as (

    select
        book.book_provider as provider,
        book.model,
        book.book_provider as resolved_provider,
        book.model as resolved_model,
        book.model_tier,
        book.input_usd_per_mtok as input_price_usd_per_mtok,
        book.output_usd_per_mtok as output_price_usd_per_mtok,
        false as is_seen
    from book
    left join seen
        on book.book_provider = seen.provider
        and book.model = seen.model
    where seen.model is null

),

named as (

    select * from seen_priced

    union all

    select * from listed

),

final as (

    select
        provider,
        model,
        resolved_provider,
        resolved_model,
        model_tier,
        cast(input_price_usd_per_mtok as decimal(19, 15)) as input_price_usd_per_mtok,
        cast(output_price_usd_per_mtok as decimal(19, 15)) as output_price_usd_per_mtok,
        is_seen
    from named

)

select * from final
