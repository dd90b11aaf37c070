-- Inference efficiency ratio (IER): AI revenue per dollar of inference cost, with a forecast of three months.
-- Grain: one row per period_start_date, dimension (all, product, feature, plan, segment, customer), dimension_value and
-- is_forecast: an incomplete month may have both its numbers so far and a forecast.
{% set keys = ['month_date', 'dimension', 'dimension_value'] %}
{% set no_bound = 'cast(null as decimal(28, 12))' %}
with

efficiency as (

    select * from {{ ref('int_efficiency_by_dimension_monthly') }}

),

quarters as (

    select
        efficiency.month_date,
        efficiency.dimension,
        efficiency.dimension_value,
        {{ cost_sum('earlier.ai_revenue_usd') }} as ai_revenue_t3m_usd,
        {{ cost_sum('earlier.inference_cost_usd') }} as inference_cost_t3m_usd
    from efficiency
    inner join efficiency as earlier
        on efficiency.dimension = earlier.dimension
        and efficiency.dimension_value = earlier.dimension_value
        and efficiency.month_date >= earlier.month_date
        and cast({{ dbt.dateadd('month', -2, 'efficiency.month_date') }} as date) <= earlier.month_date
    group by efficiency.month_date, efficiency.dimension, efficiency.dimension_value

),

periods as (

    select
        {% for column in keys + ['ai_revenue_usd', 'inference_cost_usd'] -%}
        efficiency.{{ column }},
        {% endfor -%}
        {% for column in ['ai_revenue_low_usd', 'ai_revenue_high_usd', 'inference_cost_low_usd', 'inference_cost_high_usd'] -%}
        {{ no_bound }} as {{ column }},
        {% endfor -%}
        -- Less than three months of history are no trailing quarter.
        case
            when row_number() over (
                partition by efficiency.dimension, efficiency.dimension_value order by efficiency.month_date asc nulls last
            ) > 2 and quarters.inference_cost_t3m_usd > 0
                then {{ ratio('quarters.ai_revenue_t3m_usd', 'quarters.inference_cost_t3m_usd') }}
        end as ier_t3m,
        {{ is_complete('efficiency.month_date', 'month') }} as is_complete,
        false as is_forecast
    from efficiency
    -- No period after as_of_date has a row, but for the forecast.
    inner join {{ ref('int_as_of_date') }} as as_of
        on efficiency.month_date <= as_of.as_of_date
    inner join quarters
        on {{ same_keys('efficiency', 'quarters', keys) }}

    union all

    select
        {{ keys | join(',\n        ') }},
        ai_revenue_usd,
        inference_cost_usd,
        ai_revenue_low_usd,
        ai_revenue_high_usd,
        inference_cost_low_usd,
        inference_cost_high_usd,
        {{ no_bound }} as ier_t3m,
        false as is_complete,
        true as is_forecast
    from {{ ref('int_efficiency_forecast') }}

),

ratios as (

    -- A cost below 0 (a correction, a trend that has fallen through 0) is no cost to be efficient with.
    select
        *,
        case when inference_cost_usd > 0 then {{ ratio('ai_revenue_usd', 'inference_cost_usd') }} end as ier,
        case
            when inference_cost_usd > 0
                then {{ ratio('ai_revenue_usd', 'cast(inference_cost_usd as decimal(24, 12)) * cast('
                    ~ var('unsubsidised_cost_multiple') ~ ' as decimal(8, 4))') }}
        end as unsubsidised_ier,
        case
            when ai_revenue_low_usd > 0 and inference_cost_high_usd > 0
                then {{ ratio('ai_revenue_low_usd', 'inference_cost_high_usd') }}
        end as ier_low,
        case
            when ai_revenue_high_usd > 0 and inference_cost_low_usd > 0
                then {{ ratio('ai_revenue_high_usd', 'inference_cost_low_usd') }}
        end as ier_high
    from periods

),

zones as (

    select * from {{ ref('benchmarks') }}
    where metric = 'ier_{{ var("ai_business") }}'

),

zone_bounds as (

    select
        cast(max(case when band = 'below_floor' then low end) as decimal(28, 12)) as warning_below_ier,
        cast(max(case when band = 'at_floor' then low end) as decimal(28, 12)) as floor_ier,
        cast(max(case when band = 'healthy' then low end) as decimal(28, 12)) as healthy_from_ier
    from zones

),

final as (

    select
        ratios.month_date as period_start_date,
        {% for column in [
            'dimension', 'dimension_value', 'ai_revenue_usd', 'ai_revenue_low_usd', 'ai_revenue_high_usd',
            'inference_cost_usd', 'inference_cost_low_usd', 'inference_cost_high_usd', 'ier', 'ier_low', 'ier_high',
            'ier_t3m', 'unsubsidised_ier',
        ] -%}
        ratios.{{ column }},
        {% endfor -%}
        trust.unpriced_ratio,
        trust.unattributed_ratio,
        trust.cost_status,
        zone_bounds.warning_below_ier,
        zone_bounds.floor_ier,
        zone_bounds.healthy_from_ier,
        case when ratios.ier is null then 'no_cost' else coalesce(zones.band, 'no_band') end as zone,
        ratios.is_complete,
        ratios.is_forecast
    from ratios
    cross join zone_bounds
    -- How sure the cost is: the same months and dimensions, as cost per inference has them.
    left join {{ ref('cost_per_inference') }} as trust
        on ratios.month_date = trust.period_start_date
        and ratios.dimension = trust.dimension
        and ratios.dimension_value = trust.dimension_value
        and trust.period_grain = 'month'
        and not ratios.is_forecast
    left join zones
        on (zones.low is null or ratios.ier >= zones.low)
        and (zones.high is null or ratios.ier < zones.high)
        and ratios.ier is not null

)

select * from final
