-- Prices of products, the newest version of each.
-- Grain: one row per price_id.
with

source as (

    select * from {{ source('raw', 'stripe_prices') }}

),

renamed as (

    select

        ---------- ids
        id as price_id,
        product_id,

        ---------- strings
        nickname as plan,

        ---------- flags
        recurring_interval is not null as is_recurring,

        ---------- versions
        row_number() over (
            partition by id
            order by _load_id desc nulls last, _source_row desc nulls last
        ) as version_rank

    from source

)

select
    price_id,
    product_id,
    plan,
    is_recurring
from renamed
where version_rank = 1
