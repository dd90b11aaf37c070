-- Customers, users and features that ran away within the last days (var anomaly_alert_days).
-- Grain: one row per dimension and dimension_value, with the newest of its days; of two measures of a day the cost.
-- dollars_usd is the cost of the days in a row that end with it.
with

anomalies as (

    select
        kinds.kind,
        anomalies_daily.usage_date,
        anomalies_daily.dimension,
        anomalies_daily.dimension_value,
        anomalies_daily.measure,
        anomalies_daily.value,
        anomalies_daily.computed_cost_usd,
        as_of.as_of_date,
        cast(anomalies_daily.trailing_median as decimal(22, 12)) * cast(
            coalesce(
                kinds.threshold,
                case
                    when anomalies_daily.measure = 'cost' then {{ var('anomaly_cost_multiple') }}
                    else {{ var('anomaly_inferences_multiple') }}
                end
            ) as decimal(9, 3)
        ) as threshold
    from {{ ref('usage_anomalies_daily') }} as anomalies_daily
    cross join {{ ref('int_as_of_date') }} as as_of
    inner join {{ ref('alert_kinds') }} as kinds
        on
            kinds.kind = 'anomaly_' || anomalies_daily.dimension
            and kinds.is_on

),

days as (

    select
        dimension,
        dimension_value,
        usage_date,
        max(computed_cost_usd) as computed_cost_usd,
        {{ unbroken_run('usage_date', 'day', ['dimension', 'dimension_value']) }} as run_number
    from anomalies
    where value > threshold
    group by
        dimension,
        dimension_value,
        usage_date

),

runs as (

    select
        dimension,
        dimension_value,
        min(usage_date) as since_date,
        max(usage_date) as until_date,
        {{ cost_sum('computed_cost_usd') }} as computed_cost_usd
    from days
    group by
        dimension,
        dimension_value,
        run_number

),

ranked as (

    select
        *,
        row_number() over (
            partition by dimension, dimension_value
            order by usage_date desc nulls last, measure asc nulls last
        ) as newest_rank
    from anomalies
    where
        value > threshold
        and usage_date > cast({{ dbt.dateadd('day', -1 * var('anomaly_alert_days'), 'as_of_date') }} as date)

),

final as (

    select
        ranked.kind,
        ranked.dimension as subject_kind,
        ranked.dimension_value as subject,
        runs.since_date,
        ranked.value,
        {{ money('ranked.threshold') }} as threshold,
        case when ranked.measure = 'cost' then 'usd' else 'inferences' end as unit,
        runs.computed_cost_usd as dollars_usd
    from ranked
    inner join runs
        on
            ranked.dimension = runs.dimension
            and ranked.dimension_value = runs.dimension_value
            and ranked.usage_date = runs.until_date
    where ranked.newest_rank = 1

)

select * from final
