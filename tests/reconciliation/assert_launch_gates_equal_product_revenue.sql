-- A product's AI revenue before and since the launch, straight from the revenue fact, against the gate's per day.
with

expected as (

    select
        gates.feature,
        {{ cost_sum('revenue_daily.ai_revenue_usd', 'not customers.is_internal') }} as ai_revenue_usd,
        cast(max({{ dbt.datediff('gates.launched_date', 'as_of.as_of_date', 'day') }}) as bigint) + 1 as day_count
    from {{ ref('feature_launch_gates') }} as gates
    cross join {{ ref('int_as_of_date') }} as as_of
    left join {{ ref('fct_revenue_daily') }} as revenue_daily
        on
            gates.product_id = revenue_daily.product_id
            and gates.launched_date <= revenue_daily.revenue_date
    left join {{ ref('dim_customers') }} as customers
        on revenue_daily.customer_id = customers.customer_id
    where not gates.is_planned
    group by gates.feature

)

select
    gates.feature,
    gates.revenue_usd_per_day,
    expected.ai_revenue_usd
from {{ ref('feature_launch_gates') }} as gates
inner join expected
    on gates.feature = expected.feature
where gates.revenue_usd_per_day is distinct from {{ ratio('expected.ai_revenue_usd', 'expected.day_count') }}
