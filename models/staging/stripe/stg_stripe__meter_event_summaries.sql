-- Use of metered prices by span of time, the newest version of each.
-- Grain: one row per stripe_customer_id, meter_id and used_at.
with

source as (

    select * from {{ source('raw', 'stripe_meter_event_summaries') }}

),

renamed as (

    select

        ---------- ids
        customer_id as stripe_customer_id,
        meter as meter_id,

        ---------- times, UTC
        start_time as used_at,

        ---------- numbers
        cast(aggregated_value as decimal(28, 6)) as quantity,

        ---------- versions
        row_number() over (
            partition by customer_id, meter, start_time
            order by _load_id desc nulls last, _source_row desc nulls last
        ) as version_rank

    from source

)

select
    stripe_customer_id,
    meter_id,
    used_at,
    quantity
from renamed
where version_rank = 1
