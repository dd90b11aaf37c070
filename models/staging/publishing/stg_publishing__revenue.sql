-- What the newest release said its customers earned the company, by month that was over.
-- Grain: one row per customer_id and period_start_date.
with

source as (

    select * from {{ source('raw', 'published_revenue') }}

),

final as (

    select

        ---------- ids
        release_id,
        customer_id,

        ---------- money
        revenue_usd,

        ---------- dates
        period_start_date,
        reported_to_date

    from source
    where published_at = (select max(newest.published_at) from {{ source('raw', 'published_revenue') }} as newest)

)

select * from final
