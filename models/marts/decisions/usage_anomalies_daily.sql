-- Days on which a customer, a user or a feature used or cost many times what it usually does. Anomalies only.
-- Grain: one row per usage_date, dimension (customer, user, feature), dimension_value and measure (inferences, cost).
-- Usual is the median, by nearest rank, of the days with inferences among the days before; too few of them tell
-- nothing. One event shows in several dimensions and measures: never add rows up.
with

watched as (

    select
        *,
        -- No median of the days before lies below the least of them: what is not far above that one needs no median.
        {% for column in ['inference_count', 'computed_cost_usd'] -%}
        min(case when inference_count > 0 then {{ column }} end) over (
            partition by dimension, dimension_value
            order by usage_date asc nulls last
            rows between {{ var('anomaly_trailing_days') }} preceding and 1 preceding
        ) as least_{{ column }}{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref('int_usage_watched_daily') }}

),

candidates as (

    select
        *,
        'inferences' as measure,
        {{ money('inference_count') }} as measured_value
    from watched
    where inference_count > least_inference_count * {{ var('anomaly_inferences_multiple') }}

    union all

    select
        *,
        'cost' as measure,
        computed_cost_usd as measured_value
    from watched
    where
        computed_cost_usd >= {{ var('anomaly_floor_usd') }}
        and computed_cost_usd > least_computed_cost_usd * {{ var('anomaly_cost_multiple') }}

),

days_back as (

    select *
    from (
        values {% for number in range(1, var('anomaly_trailing_days') + 1) -%}
        ({{ number }}){{ ', ' if not loop.last }}
        {%- endfor %}
    ) as names (day_count)

),

days_asked as (

    -- Day by day, so that a day meets the few before it and not all of history.
    select
        candidates.*,
        cast({{ dbt.dateadd('day', '-1 * days_back.day_count', 'candidates.usage_date') }} as date) as before_date
    from candidates
    cross join days_back

),

days_before as (

    select
        days_asked.*,
        {{ money(
            "case when days_asked.measure = 'cost' then watched.computed_cost_usd else watched.inference_count end"
        ) }} as before_value
    from days_asked
    inner join watched
        on days_asked.dimension = watched.dimension
        and days_asked.dimension_value = watched.dimension_value
        and days_asked.before_date = watched.usage_date
    where watched.inference_count > 0

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
    group by usage_date, dimension, dimension_value, measure
    having count(*) >= {{ var('anomaly_min_days') }}

),

final as (

    select
        candidates.usage_date,
        candidates.dimension,
        candidates.dimension_value,
        candidates.measure,
        candidates.customer_id,
        coalesce(customers.customer_name, candidates.customer_id) as customer_name,
        coalesce(customers.is_internal, false) as is_internal,
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
    left join {{ ref('dim_customers') }} as customers
        on candidates.customer_id = customers.customer_id
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
