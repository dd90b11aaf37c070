-- Numbers of the dimensions are those of where they come from: seats of the CRM's accounts, prices of the book, shares of
-- the seed on the day. Facts do not read them, so nothing else would notice.
with

as_of as (

    select max(as_of_date) as as_of_date
    from {{ ref('int_as_of_date') }}

),

seats as (

    select coalesce(sum(accounts.seats), 0) as seats
    from {{ ref('int_crm_accounts') }} as accounts
    inner join {{ ref('int_customers_resolved') }} as resolved
        on accounts.customer_id = resolved.customer_id
    where resolved.resolved_customer_id = accounts.customer_id

),

customers as (

    select coalesce(sum(seats), 0) as seats
    from {{ ref('dim_customers') }}

),

book as (

    select * from {{ ref('int_book_models') }}

),

models as (

    select
        models.*,
        book.model is not null and not models.is_seen as is_listed,
        book.input_usd_per_mtok,
        book.output_usd_per_mtok
    from {{ ref('dim_models') }} as models
    left join book
        on models.provider = book.book_provider
        and models.model = book.model

),

-- A name of calls, or of bills alone, may be sold by another than it is listed by: a price of that model it must be.
named as (

    select
        models.provider,
        models.model,
        models.input_price_usd_per_mtok,
        models.output_price_usd_per_mtok,
        count(case when models.input_price_usd_per_mtok = book.input_usd_per_mtok then 1 end) as same_input_count,
        count(case when models.output_price_usd_per_mtok = book.output_usd_per_mtok then 1 end) as same_output_count
    from models
    left join book
        on models.resolved_model = book.model
    where not models.is_listed
    group by
        models.provider,
        models.model,
        models.input_price_usd_per_mtok,
        models.output_price_usd_per_mtok

),

shares as (

    select
        shares.product_id,
        {{ money(
            "case shares.method when 'standalone' then 1 when 'uplift' then shares.ai_share"
            ~ " when 'premium' then greatest(least(coalesce("
            ~ ratio('shares.list_price_usd - coalesce(shares.base_price_usd, 0)', 'shares.list_price_usd')
            ~ ', 0), 1), 0) else 0 end'
        ) }} as ai_share_ratio
    from {{ ref('product_ai_share') }} as shares
    cross join as_of
    where
        coalesce(shares.valid_from_date <= as_of.as_of_date, as_of.as_of_date is not null)
        and coalesce(shares.valid_to_date > as_of.as_of_date, true)

)

select
    'seats' as what,
    'all' as which
from seats
cross join customers
where seats.seats <> customers.seats

union all

select
    'price' as what,
    provider || '/' || model as which
from models
where
    is_listed
    and (
        input_price_usd_per_mtok is distinct from input_usd_per_mtok
        or output_price_usd_per_mtok is distinct from output_usd_per_mtok
    )

union all

select
    'price' as what,
    provider || '/' || model as which
from named
where
    (input_price_usd_per_mtok is not null and same_input_count = 0)
    or (output_price_usd_per_mtok is not null and same_output_count = 0)

union all

select
    'AI share' as what,
    products.product_id as which
from {{ ref('dim_products') }} as products
left join shares
    on products.product_id = shares.product_id
where products.ai_share_ratio <> coalesce(shares.ai_share_ratio, 0)
