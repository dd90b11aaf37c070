-- On which days did a customer or a feature run away: many times what it usually does?
--
-- Parameters: multiple of the usual day (10).
-- Read it: usual is the median of the days with inferences among the 28 before, at least 7 of them. What such a day
-- cost stands beside. At 10 these are the rows of usage_anomalies_daily with measure inferences; ask 3 to see what
-- comes near.
-- Traps: one event shows as customer and as feature: never add rows up. The median is by nearest rank, a day that was.
-- New customers have no usual day yet. Internal use is watched as customer internal, and left out of features. Days
-- count inferences, delivered or not; the vars anomaly_trailing_days and anomaly_min_days of the build are not read
-- here.
with

params as (

    select
        coalesce(cast(getvariable('multiple') as decimal(9, 4)), 10) as multiple,
        max(as_of_date) as as_of_date
    from _release

),

entries as (

    select
        usage_date,
        'customer' as dimension,
        customer_id as dimension_value,
        inference_count,
        ai_cost_usd
    from marts.fct_usage_daily

    union all

    select
        usage_daily.usage_date,
        'feature' as dimension,
        usage_daily.feature as dimension_value,
        usage_daily.inference_count,
        usage_daily.ai_cost_usd
    from marts.fct_usage_daily as usage_daily
    inner join marts.dim_customers as customers
        on usage_daily.customer_id = customers.customer_id
    where not customers.is_internal

),

days as (

    select
        usage_date,
        dimension,
        dimension_value,
        cast(sum(inference_count) as bigint) as inference_count,
        sum(ai_cost_usd) as ai_cost_usd
    from entries
    group by
        usage_date,
        dimension,
        dimension_value
    having sum(inference_count) > 0

),

medians as (

    select
        days.usage_date,
        days.dimension,
        days.dimension_value,
        days.inference_count,
        days.ai_cost_usd,
        count(*) as usual_day_count,
        -- Nearest rank: the value at place ⌈n ÷ 2⌉.
        list_sort(list(before.inference_count))[cast(ceil(count(*) / 2) as bigint)] as usual_inference_count
    from days
    inner join days as before
        on
            days.dimension = before.dimension
            and days.dimension_value = before.dimension_value
            and before.usage_date < days.usage_date
            and before.usage_date >= days.usage_date - interval 28 day
    group by
        days.usage_date,
        days.dimension,
        days.dimension_value,
        days.inference_count,
        days.ai_cost_usd

)

select
    medians.usage_date,
    medians.dimension,
    medians.dimension_value,
    medians.inference_count,
    medians.usual_inference_count,
    medians.usual_day_count,
    round(medians.inference_count / medians.usual_inference_count, 2) as multiple,
    round(medians.ai_cost_usd, 6) as ai_cost_usd
from medians
inner join params
    on
        medians.inference_count > params.multiple * medians.usual_inference_count
        and medians.usage_date <= params.as_of_date
where medians.usual_day_count >= 7
order by
    medians.usage_date desc,
    medians.dimension asc,
    medians.dimension_value asc
