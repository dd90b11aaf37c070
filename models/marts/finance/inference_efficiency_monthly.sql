-- Inference efficiency ratio (IER): AI revenue per dollar of inference cost, with a forecast of three months.
-- Grain: one row per period_start_date, dimension (all, product, feature, plan, segment, customer), dimension_value and
-- is_forecast: an incomplete month may have both its numbers so far and a forecast.
with

efficiency as (

    select * from {{ ref('int_efficiency_by_dimension_monthly') }}

),

forecast as (

    select * from {{ ref('int_efficiency_forecast') }}

),

-- How sure the cost is: the same months and dimensions, as cost per inference has them.
trust as (

    select * from {{ ref('cost_per_inference') }}
    where period_grain = 'month'

),

as_of as (

    select * from {{ ref('int_as_of_date') }}

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
        on
            efficiency.dimension = earlier.dimension
            and efficiency.dimension_value = earlier.dimension_value
            and efficiency.month_date >= earlier.month_date
            and cast({{ dbt.dateadd('month', -2, 'efficiency.month_date') }} as date) <= earlier.month_date
    group by
        efficiency.month_date,
        efficiency.dimension,
        efficiency.dimension_value

),

numbered as (

    select
        *,
        row_number() over (
            partition by
                dimension,
                dimension_value
            order by month_date asc nulls last
        ) as month_number
    from efficiency

),

actual as (

    select
        numbered.month_date,
        numbered.dimension,
        numbered.dimension_value,
        numbered.ai_revenue_usd,
        cast(null as decimal(28, 12)) as ai_revenue_low_usd,
        cast(null as decimal(28, 12)) as ai_revenue_high_usd,
        numbered.inference_cost_usd,
        cast(null as decimal(28, 12)) as inference_cost_low_usd,
        cast(null as decimal(28, 12)) as inference_cost_high_usd,
        -- Less than three months of history are no trailing quarter.
        case
            when numbered.month_number > 2 and quarters.inference_cost_t3m_usd > 0
                then {{ ratio('quarters.ai_revenue_t3m_usd', 'quarters.inference_cost_t3m_usd') }}
        end as ier_t3m,
        {{ is_complete('numbered.month_date', 'month') }} as is_complete,
        false as is_forecast
    from numbered
    -- No period after as_of_date has a row, but for the forecast.
    inner join as_of
        on numbered.month_date <= as_of.as_of_date
    inner join quarters
        on
            numbered.month_date = quarters.month_date
            and numbered.dimension = quarters.dimension
            and numbered.dimension_value = quarters.dimension_value

),

periods as (

    select * from actual

    union all

    select
        month_date,
        dimension,
        dimension_value,
        ai_revenue_usd,
        ai_revenue_low_usd,
        ai_revenue_high_usd,
        inference_cost_usd,
        inference_cost_low_usd,
        inference_cost_high_usd,
        cast(null as decimal(28, 12)) as ier_t3m,
        false as is_complete,
        true as is_forecast
    from forecast

),

ratios as (

    select
        *,
        -- A cost below 0 (a correction, a trend that has fallen through 0) is no cost to be efficient with.
        case when inference_cost_usd > 0 then {{ ratio('ai_revenue_usd', 'inference_cost_usd') }} end as ier,
        case
            when ai_revenue_low_usd > 0 and inference_cost_high_usd > 0
                then {{ ratio('ai_revenue_low_usd', 'inference_cost_high_usd') }}
        end as ier_low,
        case
            when ai_revenue_high_usd > 0 and inference_cost_low_usd > 0
                then {{ ratio('ai_revenue_high_usd', 'inference_cost_low_usd') }}
        end as ier_high,
        case
            when inference_cost_usd > 0
                then {{ ratio(
                    'ai_revenue_usd',
                    'cast(inference_cost_usd as decimal(24, 12)) * cast(' ~ var('unsubsidised_cost_multiple')
                    ~ ' as decimal(8, 4))'
                ) }}
        end as unsubsidised_ier
    from periods

),

zones as (

    select
        band,
        low,
        high
    from {{ ref('benchmarks') }}
    where metric = 'ier_{{ var("ai_business") }}'

),

zone_bounds as (

    select
        cast(max(case when band = 'below_floor' then low end) as decimal(28, 12)) as warning_below_ier,
        cast(max(case when band = 'at_floor' then low end) as decimal(28, 12)) as floor_ier,
        cast(max(case when band = 'healthy' then low end) as decimal(28, 12)) as healthy_from_ier
    from zones

)

select
    ratios.month_date as period_start_date,
    ratios.dimension,
    ratios.dimension_value,
    ratios.ai_revenue_usd,
    ratios.ai_revenue_low_usd,
    ratios.ai_revenue_high_usd,
    ratios.inference_cost_usd,
    ratios.inference_cost_low_usd,
    ratios.inference_cost_high_usd,
    ratios.ier,
    ratios.ier_low,
    ratios.ier_high,
    ratios.ier_t3m,
    ratios.unsubsidised_ier,
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
left join trust
    on
        ratios.month_date = trust.period_start_date
        and ratios.dimension = trust.dimension
        and ratios.dimension_value = trust.dimension_value
        and not ratios.is_forecast
left join zones
    on
        (zones.low is null or ratios.ier >= zones.low)
        and (zones.high is null or ratios.ier < zones.high)
        and ratios.ier is not null
