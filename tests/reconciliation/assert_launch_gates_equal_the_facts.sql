-- What a gate is judged by, per day, straight from the facts and the seed: AI revenue and inference cost of the product
-- in the 28 days before the launch and since it, the feature's own cost; of a plan, what the seed expects of it on top.
-- Amounts and ratios are divided once, each from its own sums: 28 days and a twelfth of 365 make 336 and 365 parts.
-- A plan of unknown cost has no product cost to take its own from: null, not the time before.
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
        launches.expected_monthly_cost_usd as expected_cost_usd,
        launches.expected_monthly_revenue_usd as expected_revenue_usd,
        {{ dbt.datediff('start_date', 'as_of.as_of_date', 'day') }} + 1 as day_count
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

known as (

    select
        gates.*,
        {% for amount in ['revenue_before_usd', 'revenue_usd', 'cost_before_usd', 'cost_usd', 'feature_cost_usd'] -%}
        {{ money('coalesce(summed.' ~ amount ~ ', 0)') }} as {{ amount }}{{ ',' if not loop.last }}
        {% endfor %}
    from gates
    left join summed
        on gates.feature = summed.gate_feature

)

{% set wanted = {
    'revenue_before_usd_per_day': {
        'planned': ['revenue_before_usd', '28'],
        'launched': ['revenue_before_usd', '28'],
    },
    'revenue_usd_per_day': {
        'planned': ['365 * revenue_before_usd + 336 * expected_revenue_usd', '28 * 365'],
        'launched': ['revenue_usd', 'day_count'],
    },
    'cost_usd_per_day': {
        'planned': ['365 * cost_before_usd + 336 * expected_cost_usd', '28 * 365'],
        'launched': ['cost_usd', 'day_count'],
    },
    'feature_cost_usd_per_day': {
        'planned': ['12 * expected_cost_usd', '365'],
        'launched': ['feature_cost_usd', 'day_count'],
    },
    'marginal_ier': {
        'planned': ['expected_revenue_usd', 'expected_cost_usd'],
        'launched': ['28 * revenue_usd - day_count * revenue_before_usd', '28 * feature_cost_usd'],
    },
    'product_ier_with': {
        'planned': [
            '365 * revenue_before_usd + 336 * expected_revenue_usd', '365 * cost_before_usd + 336 * expected_cost_usd'
        ],
        'launched': ['revenue_usd', 'cost_usd'],
    },
    'product_ier_without': {
        'planned': ['revenue_before_usd', 'cost_before_usd + 0 * expected_cost_usd'],
        'launched': ['day_count * revenue_before_usd', '28 * (cost_usd - feature_cost_usd)'],
    },
} %}
select feature
from known
where
    gate_ier is distinct from {{ var('launch_gate_ier') }}
    {% for column, parts in wanted.items() -%}
    or {{ column }} is distinct from case
        when is_planned then {{ ratio(parts.planned[0], parts.planned[1]) }}
        else {{ ratio(parts.launched[0], parts.launched[1]) }}
    end
    {% endfor %}
