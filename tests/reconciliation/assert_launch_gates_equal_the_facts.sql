-- What a gate is judged by, per day, straight from the facts and the seed: AI revenue and inference cost of the product
-- in the 28 days before the launch and since it, the feature's own cost; of a plan, what the seed expects of it on top.
with

as_of as (

    select * from {{ ref('int_as_of_date') }}

),

gates as (

    select
        gates.*,
        as_of.as_of_date,
        case
            when gates.is_planned then cast({{ dbt.dateadd('day', 1, 'as_of.as_of_date') }} as date)
            else gates.launched_date
        end as start_date,
        {{ ratio('launches.expected_monthly_cost_usd * 12', '365') }} as expected_cost_usd,
        {{ ratio('launches.expected_monthly_revenue_usd * 12', '365') }} as expected_revenue_usd
    from {{ ref('feature_launch_gates') }} as gates
    cross join as_of
    left join {{ ref('feature_launches') }} as launches
        on gates.feature = launches.feature

),

entries as (

    select
        revenue_date as entry_date,
        customer_id,
        product_id,
        'none' as feature,
        ai_revenue_usd,
        {{ money('0') }} as inference_cost_usd
    from {{ ref('fct_revenue_daily') }}

    union all

    -- A launched feature belongs to the seed's product, whatever its calls name.
    select
        usage_daily.usage_date as entry_date,
        usage_daily.customer_id,
        coalesce(launches.product_id, usage_daily.product_id) as product_id,
        usage_daily.feature,
        {{ money('0') }} as ai_revenue_usd,
        usage_daily.inference_cost_usd
    from {{ ref('fct_usage_daily') }} as usage_daily
    left join {{ ref('feature_launches') }} as launches
        on usage_daily.feature = launches.feature

),

product_days as (

    select
        gates.feature as gate_feature,
        entries.*,
        entries.entry_date < gates.start_date as is_before,
        entries.feature = gates.feature and entries.inference_cost_usd <> 0 as is_of_feature
    from gates
    inner join entries
        on
            gates.product_id = entries.product_id
            and gates.as_of_date >= entries.entry_date
            and cast({{ dbt.dateadd('day', -28, 'gates.start_date') }} as date) <= entries.entry_date
    inner join {{ ref('dim_customers') }} as customers
        on entries.customer_id = customers.customer_id
    where not customers.is_internal

),

summed as (

    select
        gate_feature,
        {{ cost_sum('ai_revenue_usd', 'is_before') }} as revenue_before_usd,
        {{ cost_sum('ai_revenue_usd', 'not is_before') }} as revenue_usd,
        {{ cost_sum('inference_cost_usd', 'is_before') }} as cost_before_usd,
        {{ cost_sum('inference_cost_usd', 'not is_before') }} as cost_usd,
        {{ cost_sum('inference_cost_usd', 'is_of_feature and not is_before') }} as feature_cost_usd
    from product_days
    group by gate_feature

),

per_day as (

    select
        gates.*,
        {{ ratio('coalesce(summed.revenue_before_usd, 0)', '28') }} as before_usd,
        {{ ratio('coalesce(summed.cost_before_usd, 0)', '28') }} as cost_before_usd,
        {% for amount in ['revenue_usd', 'cost_usd', 'feature_cost_usd'] -%}
        {{ ratio(
            'coalesce(summed.' ~ amount ~ ', 0)',
            dbt.datediff('gates.start_date', 'gates.as_of_date', 'day') ~ ' + 1'
        ) }} as {{ amount }}{{ ',' if not loop.last }}
        {% endfor %}
    from gates
    left join summed
        on gates.feature = summed.gate_feature

)

select feature
from per_day
where
    revenue_before_usd_per_day is distinct from before_usd
    or revenue_usd_per_day
    is distinct from case when is_planned then {{ money('before_usd + expected_revenue_usd') }} else revenue_usd end
    or cost_usd_per_day
    is distinct from case when is_planned then {{ money('cost_before_usd + expected_cost_usd') }} else cost_usd end
    or feature_cost_usd_per_day
    is distinct from case when is_planned then expected_cost_usd else feature_cost_usd end
    or gate_ier is distinct from {{ var('launch_gate_ier') }}
