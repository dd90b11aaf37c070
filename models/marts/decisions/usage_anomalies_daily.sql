-- Days on which a customer, a user or a feature used or cost many times what it usually does. Anomalies only.
-- Grain: one row per usage_date, dimension (customer, user, feature), dimension_value and measure (inferences, cost).
-- Usual is the median, by nearest rank, of the days with inferences among the days before; too few of them tell nothing.
-- One event shows in several dimensions and measures: never add rows up.
with

watched as (

    select * from {{ ref('int_usage_watched_daily') }}

),

candidates as (

    select
        *,
        'inferences' as measure,
        {{ money('inference_count') }} as measured_value
    from watched
    -- The median of days with inferences is at least 1.
    where inference_count > {{ var('anomaly_inferences_multiple') }}

    union all

    select
        *,
        'cost' as measure,
        computed_cost_usd as measured_value
    from watched
    where computed_cost_usd >= {{ var('anomaly_floor_usd') }}

),

days_before as (

    select
        candidates.usage_date,
        candidates.dimension,
        candidates.dimension_value,
        candidates.measure,
        before.usage_date as before_date,
        {{ money(
            "case when candidates.measure = 'cost' then before.computed_cost_usd else before.inference_count end"
        ) }} as before_value
    from candidates
    inner join watched as before
        on
            candidates.dimension = before.dimension
            and candidates.dimension_value = before.dimension_value
            and before.usage_date < candidates.usage_date
            and before.usage_date >= cast(
                {{ dbt.dateadd('day', -1 * var('anomaly_trailing_days'), 'candidates.usage_date') }}
            as date)
    where before.inference_count > 0

),

ranked as (

    select
        *,
        row_number() over (
            partition by usage_date, dimension, dimension_value, measure
            order by before_value asc nulls last, before_date asc nulls last
        ) as value_rank,
        count(*) over (partition by usage_date, dimension, dimension_value, measure) as day_count
    from days_before

),

medians as (

    select
        usage_date,
        dimension,
        dimension_value,
        measure,
        {{ money('min(case when value_rank * 2 >= day_count then before_value end)') }} as trailing_median,
        count(*) as trailing_day_count
    from ranked
    group by
        usage_date,
        dimension,
        dimension_value,
        measure
    having count(*) >= {{ var('anomaly_min_days') }}

),

final as (

    select
        candidates.usage_date,
        candidates.dimension,
        candidates.dimension_value,
        candidates.measure,
        candidates.customer_id,
        candidates.measured_value as value,
        medians.trailing_median,
        medians.trailing_day_count,
        candidates.computed_cost_usd,
        {{ ratio('candidates.measured_value', 'medians.trailing_median') }} as multiple,
        {{ ratio('candidates.unpriced_call_count', 'candidates.call_count') }} as unpriced_ratio
    from candidates
    -- No day after as_of_date has a row.
    inner join {{ ref('int_as_of_date') }} as as_of
        on candidates.usage_date <= as_of.as_of_date
    inner join medians
        on
            candidates.usage_date = medians.usage_date
            and candidates.dimension = medians.dimension
            and candidates.dimension_value = medians.dimension_value
            and candidates.measure = medians.measure
    where
        candidates.measured_value > medians.trailing_median * case
            when candidates.measure = 'cost' then {{ var('anomaly_cost_multiple') }}
            else {{ var('anomaly_inferences_multiple') }}
        end

)

select * from final
