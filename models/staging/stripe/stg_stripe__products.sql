-- Products in Stripe, the newest version of each.
-- Grain: one row per product_id.
with

source as (

    select * from {{ source('raw', 'stripe_products') }}

),

renamed as (

    select

        ---------- ids
        id as product_id,

        ---------- strings
        nullif(trim(name), '') as product_name,

        ---------- versions
        row_number() over (
            partition by id
            order by _load_id desc nulls last, _source_row desc nulls last
        ) as version_rank

    from source

)

select
    product_id,
    product_name
from renamed
where version_rank = 1
