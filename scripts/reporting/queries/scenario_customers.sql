-- Customers that would have gone under water, the largest loss first.
-- Grain: one row per scenario and customer.
select
    results.scenario,
    coalesce(nullif(customers.customer_name, ''), results.dimension_value) as customer_name,
    cast(results.baseline_gross_profit_usd as double) as baseline_gross_profit_usd,
    cast(results.scenario_gross_profit_usd as double) as scenario_gross_profit_usd
from marts.scenario_results as results
left join marts.dim_customers as customers
    on results.dimension_value = customers.customer_id
where
    results.dimension = 'customer'
    and results.is_newly_loss_making
order by
    results.scenario_gross_profit_usd asc nulls last,
    results.scenario asc nulls last,
    results.dimension_value asc nulls last
