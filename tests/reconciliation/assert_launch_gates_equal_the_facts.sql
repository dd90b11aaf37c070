-- A launched feature's inference cost since its launch, straight from the daily fact, against the gate's per day.
with

expected as (

    select
        gates.feature,
        {{ cost_sum('usage_daily.inference_cost_usd', 'not customers.is_internal') }} as feature_cost_usd,
        cast(max({{ dbt.datediff('gates.launched_date', 'as_of.as_of_date', 'day') }}) as bigint) + 1 as day_count
    from {{ ref('feature_launch_gates') }} as gates
    cross join {{ ref('int_as_of_date') }} as as_of
    left join {{ ref('fct_usage_daily') }} as usage_daily
        on
            gates.feature = usage_daily.feature
            and gates.launched_date <= usage_daily.usage_date
            and as_of.as_of_date >= usage_daily.usage_date
    left join {{ ref('dim_customers') }} as customers
        on usage_daily.customer_id = customers.customer_id
    where not gates.is_planned
    group by gates.feature

)

select
    gates.feature,
    gates.feature_cost_usd_per_day,
    expected.feature_cost_usd
from {{ ref('feature_launch_gates') }} as gates
left join expected
    on gates.feature = expected.feature
where
    not gates.is_planned
    and gates.feature_cost_usd_per_day is distinct from {{ ratio('expected.feature_cost_usd', 'expected.day_count') }}
