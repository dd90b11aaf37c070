-- The share of a product's revenue that AI earns, as part of a whole, by period.
-- Grain: one row per product_id and valid_from_date.
with

shares as (

    select * from {{ ref('product_ai_share') }}

),

parts as (

    select
        product_id,
        coalesce(valid_from_date, cast('0001-01-01' as date)) as valid_from_date,
        coalesce(valid_to_date, cast('9999-12-31' as date)) as valid_to_date,
        case method
            when 'standalone' then 1
            when 'premium' then greatest(least(list_price_usd - base_price_usd, list_price_usd), 0)
            when 'uplift' then ai_share
            else 0
        end as ai_part,
        case method
            when 'premium' then list_price_usd
            else 1
        end as whole
    from shares

),

final as (

    select
        product_id,
        valid_from_date,
        valid_to_date,
        cast(coalesce(ai_part, 0) as decimal(18, 6)) as ai_part,
        cast(case when coalesce(whole, 0) = 0 then 1 else whole end as decimal(18, 6)) as whole
    from parts

)

select * from final
