-- Subscriptions, the newest version of each. Of several coupons those for ever count, each on what the others leave, up
-- to three.
-- Grain: one row per subscription_id.
with

source as (

    select * from {{ source('raw', 'stripe_subscriptions') }}

),

listed as (

    select
        _load_id,
        _source_row,
        {{ split_list('discounts') }} as discount
    from source
    where discounts is not null

),

coupons as (

    select
        _load_id,
        _source_row,
        coalesce(
            {{ json_text('discount', 'coupon') }},
            {{ json_text(json_text('discount', 'source'), 'coupon') }}
        ) as coupon
    from listed

),

kept as (

    select
        _load_id,
        _source_row,
        {{ text_number(json_text('coupon', 'percent_off'), 'decimal(9, 6)') }} as percent_off
    from coupons
    where {{ json_text('coupon', 'duration') }} = 'forever'

),

numbered as (

    select
        *,
        row_number() over (partition by _load_id, _source_row order by percent_off desc nulls last) as coupon_number
    from kept
    where percent_off is not null

),

combined as (

    select
        _load_id,
        _source_row,
        cast(100 - 100
            {%- for number in range(1, 4) %}
            * cast(1 - 0.01 * coalesce(max(case when coupon_number = {{ number }} then percent_off end), 0) as decimal(10, 8))
            {%- endfor %}
        as decimal(28, 12)) as percent_off
    from numbered
    group by
        _load_id,
        _source_row

),

renamed as (

    select

        ---------- ids
        source.id as subscription_id,
        source.customer_id as stripe_customer_id,
        source.price_id,

        ---------- strings
        source.status as subscription_status,
        case when combined.percent_off is not null then 'forever' else source.discount_duration end as discount_duration,

        ---------- times, UTC
        source.start_date as started_at,
        source.canceled_at,
        source.ended_at,
        source.trial_start as trial_start_at,
        source.trial_end as trial_end_at,
        source.current_period_end as current_period_end_at,

        ---------- numbers
        source.quantity,
        coalesce(combined.percent_off, source.discount_percent_off) as discount_percent,

        ---------- flags
        coalesce(source.cancel_at_period_end, false) as is_ending_with_period,

        ---------- versions
        row_number() over (
            partition by source.id
            order by source._load_id desc nulls last, source._source_row desc nulls last
        ) as version_rank

    from source
    left join combined
        on source._load_id = combined._load_id
        and source._source_row = combined._source_row

)

select
    subscription_id,
    stripe_customer_id,
    price_id,
    subscription_status,
    discount_duration,
    started_at,
    canceled_at,
    ended_at,
    trial_start_at,
    trial_end_at,
    current_period_end_at,
    quantity,
    discount_percent,
    is_ending_with_period
from renamed
where version_rank = 1
