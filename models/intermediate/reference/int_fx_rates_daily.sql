-- The exchange rate of each day: the last known one, at most 7 days old. USD has no row: its rate is 1.
-- Grain: one row per currency and rate_date. A day without a row has no rate.
{{ config(materialized='table') }}
with

rates as (

    select * from {{ ref('stg_canonical__fx_rates') }}

),

carried as (

    select
        rates.currency,
        cast({{ dbt.dateadd('day', 'days.day_number', 'rates.rate_date') }} as date) as rate_date,
        rates.usd_per_unit,
        row_number() over (
            partition by
                rates.currency,
                cast({{ dbt.dateadd('day', 'days.day_number', 'rates.rate_date') }} as date)
            order by rates.rate_date desc nulls last
        ) as age_rank
    from rates
    cross join (values (0), (1), (2), (3), (4), (5), (6), (7)) as days (day_number)

),

final as (

    select
        currency,
        rate_date,
        usd_per_unit
    from carried
    where age_rank = 1

)

select * from final
