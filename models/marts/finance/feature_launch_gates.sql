-- Whether a new feature earns what its inference costs: launched in the 90 days to as_of_date, or planned.
-- Grain: one row per feature of the seed feature_launches.
-- Amounts are per day. Before: the 28 days before the launch, or, for a planned feature, the 28 days to as_of_date.
{% set gate = var('launch_gate_ier') %}
with

launches as (

    -- A launch ahead of as_of_date is a plan: the first day of its own time is the one after as_of_date.
    select
        launches.feature,
        launches.product_id,
        launches.launched_date,
        launches.planned_date,
        launches.mitigation,
        as_of.as_of_date,
        launches.expected_monthly_cost_usd,
        launches.expected_monthly_revenue_usd,
        launches.launched_date is null or launches.launched_date > as_of.as_of_date as is_planned,
        case
            when launches.launched_date <= as_of.as_of_date then launches.launched_date
            else cast({{ dbt.dateadd('day', 1, 'as_of.as_of_date') }} as date)
        end as start_date,
        cast({{ dbt.dateadd('day', -28, 'start_date') }} as date) as before_date,
        cast(case
            when is_planned then 365
            else {{ dbt.datediff('start_date', 'as_of.as_of_date', 'day') }} + 1
        end as decimal(6, 0)) as own_day_count
    from {{ ref('feature_launches') }} as launches
    cross join {{ ref('int_as_of_date') }} as as_of
    where
        coalesce(launches.launched_date, launches.planned_date) is not null
        and (
            launches.launched_date is null
            or cast({{ dbt.dateadd('day', 90, 'launches.launched_date') }} as date) > as_of.as_of_date
        )

),

revenue as (

    select
        launches.feature,
        {{ cost_sum('daily.ai_revenue_usd', 'daily.usage_date < launches.start_date') }} as revenue_before_usd,
        {{ cost_sum('daily.ai_revenue_usd', 'daily.usage_date >= launches.start_date') }} as revenue_since_usd
    from launches
    inner join {{ ref('int_unit_economics_daily') }} as daily
        on launches.product_id = daily.product_id
        and launches.before_date <= daily.usage_date
        and launches.as_of_date >= daily.usage_date
    where not daily.is_internal
    group by launches.feature

),

costs as (

    select
        launches.feature,
        {{ cost_sum('daily.inference_cost_usd', 'daily.usage_date < launches.start_date') }} as cost_before_usd,
        {{ cost_sum('daily.inference_cost_usd', 'daily.usage_date >= launches.start_date') }} as cost_since_usd,
        {{ cost_sum(
            'daily.inference_cost_usd',
            'daily.usage_date >= launches.start_date and daily.feature = launches.feature'
        ) }} as feature_cost_usd
    from launches
    inner join {{ ref('int_features_daily') }} as daily
        on launches.product_id = daily.product_id
        and launches.before_date <= daily.usage_date
        and launches.as_of_date >= daily.usage_date
    group by launches.feature

),

-- Dollars in as many days as both times divide, so that the ratios are those of sums: exactly at the gate is not below it.
-- A planned feature comes on top of the time before; its months are a twelfth of 365 days.
in_common_days as (

    select
        launches.*,
        28 * launches.own_day_count as day_count,
        {{ money('launches.own_day_count * coalesce(revenue.revenue_before_usd, 0)') }} as revenue_before_usd,
        case
            when launches.is_planned
                then {{ money(
                    'launches.own_day_count * coalesce(revenue.revenue_before_usd, 0)'
                    ' + 28 * 12 * launches.expected_monthly_revenue_usd'
                ) }}
            else {{ money('28 * coalesce(revenue.revenue_since_usd, 0)') }}
        end as revenue_usd,
        case
            when launches.is_planned
                then {{ money(
                    'launches.own_day_count * coalesce(costs.cost_before_usd, 0) + 28 * 12 * launches.expected_monthly_cost_usd'
                ) }}
            else {{ money('28 * coalesce(costs.cost_since_usd, 0)') }}
        end as cost_usd,
        case
            when launches.is_planned then {{ money('28 * 12 * launches.expected_monthly_cost_usd') }}
            else {{ money('28 * coalesce(costs.feature_cost_usd, 0)') }}
        end as feature_cost_usd
    from launches
    left join revenue
        on launches.feature = revenue.feature
    left join costs
        on launches.feature = costs.feature

),

ratios as (

    select
        *,
        {{ ratio('revenue_usd - revenue_before_usd', 'feature_cost_usd') }} as marginal_ier,
        {{ ratio('revenue_usd', 'cost_usd') }} as product_ier_with,
        {{ ratio('revenue_before_usd', 'cost_usd - feature_cost_usd') }} as product_ier_without,
        coalesce(
            marginal_ier < {{ gate }} or (product_ier_without >= {{ gate }} and product_ier_with < {{ gate }}), false
        ) as is_below_gate
    from in_common_days

),

final as (

    select
        feature,
        product_id,
        launched_date,
        planned_date,
        is_planned,
        {% for amount in ['revenue_before_usd', 'revenue_usd', 'cost_usd', 'feature_cost_usd'] -%}
        {{ ratio(amount, 'day_count') }} as {{ amount }}_per_day,
        {% endfor -%}
        marginal_ier,
        product_ier_with,
        product_ier_without,
        cast({{ gate }} as decimal(28, 12)) as gate_ier,
        case
            when marginal_ier is null then 'no_data'
            when not is_below_gate then 'passed'
            when coalesce(trim(mitigation), '') <> '' then 'mitigated'
            else 'failed'
        end as gate_status,
        mitigation
    from ratios

)

select * from final
