-- Money spent to win customers, in USD at the rate of its day.
-- Grain: one row per spend_date, channel and spend_kind.
with

final as (

    select
        spend_date,
        channel,
        spend_kind,
        {{ cost_sum('spend_usd') }} as spend_usd
    from {{ ref('int_spend_converted') }}
    group by
        spend_date,
        channel,
        spend_kind

)

select * from final
