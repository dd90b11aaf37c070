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
        meter as meter_id,

        ---------- strings
        nickname as plan,
        upper(currency) as currency,
        recurring_interval,
        coalesce(recurring_usage_type, case when recurring_interval is not null then 'licensed' end) as usage_type,

        ---------- numbers; the price in the minor unit
        coalesce(recurring_interval_count, 1) as interval_count,
        cast(coalesce(unit_amount_decimal, unit_amount) as decimal(28, 12)) as unit_minor_units,

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
    meter_id,
    plan,
    currency,
    recurring_interval,
    usage_type,
    interval_count,
    unit_minor_units,
    is_recurring
from renamed
where version_rank = 1
