-- Products that are sold or used, with the part of their revenue that AI earns today.
-- Grain: one row per product_id, unattributed included.
with

-- Stripe's own id may be a word that marts keep for themselves; facts and seeds hold it as marts write it.
products as (

    select
        {{ dimension_word('product_id') }} as product_id,
        product_name
    from {{ ref('stg_stripe__products') }}

),

named as (

    select product_id from products

    union

    select product_id from {{ ref('product_ai_share') }}

    union

    select product_id from {{ ref('fct_revenue_daily') }}

    union

    select product_id from {{ ref('fct_usage_daily') }}

    union

    select nobody.product_id
    from (values ('unattributed')) as nobody (product_id)

),

shares as (

    select
        shares.product_id,
        shares.ai_part,
        shares.whole
    from {{ ref('int_product_ai_shares') }} as shares
    inner join {{ ref('int_as_of_date') }} as as_of
        on
            shares.valid_from_date <= as_of.as_of_date
            and shares.valid_to_date > as_of.as_of_date

),

final as (

    select
        named.product_id,
        coalesce(products.product_name, named.product_id) as product_name,
        {{ money('coalesce(' ~ ratio('shares.ai_part', 'shares.whole') ~ ', 0)') }} as ai_share_ratio
    from named
    left join products
        on named.product_id = products.product_id
    left join shares
        on named.product_id = shares.product_id

)

select * from final
