-- Products that are sold or used, with the part of their revenue that AI earns today.
-- Grain: one row per product_id, unattributed included.
with

named as (

    select product_id from {{ ref('stg_stripe__products') }}

    union

    select product_id from {{ ref('fct_revenue_daily') }}

    union

    select product_id from {{ ref('fct_usage_daily') }}

    union

    select product_id from {{ ref('product_ai_share') }}

    union

    select nobody.product_id
    from (values ('unattributed')) as nobody (product_id)

),

shares as (

    select shares.*
    from {{ ref('int_product_ai_shares') }} as shares
    inner join {{ ref('int_as_of_date') }} as as_of
        on
            shares.valid_from_date <= as_of.as_of_date
            and shares.valid_to_date > as_of.as_of_date

),

words as (

    select distinct
        product_id as source_product_id,
        {{ dimension_word('product_id') }} as product_id
    from named

),

final as (

    select
        words.product_id,
        coalesce(products.product_name, words.product_id) as product_name,
        {{ money('coalesce(' ~ ratio('shares.ai_part', 'shares.whole') ~ ', 0)') }} as ai_share_ratio
    from words
    left join {{ ref('stg_stripe__products') }} as products
        on words.source_product_id = products.product_id
    left join shares
        on words.source_product_id = shares.product_id

)

select * from final
