-- The rate of each foreign currency on each day: the last known one, at most 7 days old.
-- Grain: one row per currency and rate_date. A day without a row has no rate.
{{ config(materialized='table') }}
with

rates as (

    select * from {{ ref('stg_canonical__fx_rates') }}

),

ages as (

    select age_days from (values (0), (1), (2), (3), (4), (5), (6), (7)) as numbers (age_days)

),

carried as (

    select
        rates.currency,
        cast({{ dbt.dateadd('day', 'ages.age_days', 'rates.rate_date') }} as date) as rate_date,
        rates.usd_per_unit,
        ages.age_days
    from rates
    cross join ages
    where rates.currency <> 'USD'

),

ranked as (

    select
        *,
        row_number() over (partition by currency, rate_date order by age_days asc nulls last) as age_rank
    from carried

)

select
    currency,
    rate_date,
    usd_per_unit,
    age_days
from ranked
where age_rank = 1
