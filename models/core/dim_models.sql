-- Models, with their list price today.
-- Grain: one row per provider and model, as seen in calls, as named by bills, or as listed in the price book;
-- unattributed included. model_key is both in one: a model's name alone stands in a row of each of its sellers.
-- Prices are for a first look. A call was priced at its own time: ask fct_inference_calls what it cost.
{% set names = ['provider', 'model', 'resolved_provider', 'resolved_model', 'model_tier'] %}
with

usage_rows as (

    -- Rows without calls are billed money: they say less of a model than its calls.
    select
        usage_date,
        {{ names | join(', ') }},
        max(call_count) > 0 as is_seen
    from {{ ref('fct_usage_daily') }}
    group by
        usage_date,
        {{ names | join(', ') }}

    union all

    select
        cast(null as date) as usage_date,
        {% for name in names -%}
        nobody.word as {{ name }},
        {% endfor -%}
        false as is_seen
    from (values ('unattributed')) as nobody (word)

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
            order by is_seen desc nulls last, usage_date desc nulls last, resolved_provider asc nulls last,
            resolved_model asc nulls last, model_tier asc nulls last
        ) as recency_rank
    from usage_rows

),

used as (

    -- Every name of the calls, as it was last understood, and those of bills that the book does not list.
    select ranked.*
    from ranked
    left join book
        on ranked.provider = book.book_provider
        and ranked.model = book.model
    where ranked.recency_rank = 1 and (ranked.is_seen or book.model is null)

),

used_priced as (

    select
        used.{{ names | join(', used.') }},
        max(book.input_usd_per_mtok) as input_price_usd_per_mtok,
        max(book.output_usd_per_mtok) as output_price_usd_per_mtok,
        used.is_seen
    from used
    left join book_owners
        on used.resolved_provider = book_owners.resolved_provider
        and used.resolved_model = book_owners.resolved_model
    left join book
        on book_owners.book_provider = book.book_provider
        and book_owners.resolved_model = book.model
    group by
        used.{{ names | join(', used.') }},
        used.is_seen

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
    left join used
        on book.book_provider = used.provider
        and book.model = used.model
    where used.model is null

),

named as (

    select * from used_priced

    union all

    select * from listed

),

final as (

    select
        {{ model_key('provider', 'model') }} as model_key,
        {{ names | join(', ') }},
        cast(input_price_usd_per_mtok as decimal(19, 15)) as input_price_usd_per_mtok,
        cast(output_price_usd_per_mtok as decimal(19, 15)) as output_price_usd_per_mtok,
        is_seen
    from named

)

select * from final
