-- Subscriptions, the newest version of each.
-- Grain: one row per subscription_id.
with

source as (

    select * from {{ source('raw', 'stripe_subscriptions') }}

),

renamed as (

    select

        ---------- ids
        id as subscription_id,
        customer_id as stripe_customer_id,
        price_id,

        ---------- strings
        status as subscription_status,
        discount_duration,

        ---------- times, UTC
        start_date as started_at,
        canceled_at,
        ended_at,
        trial_start as trial_start_at,
        trial_end as trial_end_at,
        current_period_end as current_period_end_at,

        ---------- numbers
        quantity,
        discount_percent_off as discount_percent,

        ---------- flags
        coalesce(cancel_at_period_end, false) as is_ending_with_period,

        ---------- versions
        row_number() over (
            partition by id
            order by _load_id desc nulls last, _source_row desc nulls last
        ) as version_rank

    from source

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
