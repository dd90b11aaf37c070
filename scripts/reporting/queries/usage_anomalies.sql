-- Days of the four weeks to as_of_date on which somebody used or cost many times the usual; the newest first.
-- Grain: one row per day, subject and measure. Users are counted, and named by their customer alone.
select
    anomalies.usage_date,
    anomalies.dimension,
    anomalies.dimension_value,
    case when anomalies.dimension = 'feature' then anomalies.dimension_value end as feature,
    coalesce(nullif(customers.customer_name, ''), anomalies.customer_id) as customer_name,
    anomalies.measure,
    cast(anomalies.value as double) as measured_value,
    cast(anomalies.trailing_median as double) as trailing_median,
    cast(anomalies.multiple as double) as multiple,
    cast(anomalies.computed_cost_usd as double) as computed_cost_usd
from marts.usage_anomalies_daily as anomalies
cross join page_dates
left join marts.dim_customers as customers
    on anomalies.customer_id = customers.customer_id
where anomalies.usage_date > page_dates.as_of_date - interval 28 days
order by
    anomalies.usage_date desc nulls last,
    anomalies.computed_cost_usd desc nulls last,
    anomalies.dimension asc nulls last,
    anomalies.dimension_value asc nulls last,
    anomalies.measure desc nulls last
