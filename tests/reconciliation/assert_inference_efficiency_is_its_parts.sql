-- What stands beside the ratio is what it claims: three months are the sums of three months, from the third on; trust
-- is that of the cost, zones are those of the benchmarks, bounds are the forecast's.
with

actual as (

    select * from {{ ref('inference_efficiency_monthly') }}

),

numbered as (

    select
        *,
        row_number() over (partition by dimension, dimension_value order by period_start_date asc nulls last) as ordinal
    from actual
    where not is_forecast

),

three_months as (

    select
        now.period_start_date,
        now.dimension,
        now.dimension_value,
        {{ ratio(
            'sum(past.ai_revenue_usd)',
            'case when sum(past.inference_cost_usd) > 0 then sum(past.inference_cost_usd) end'
        ) }} as ier_t3m,
        max(now.ordinal) as ordinal
    from numbered as now
    inner join actual as past
        on now.dimension = past.dimension
        and now.dimension_value = past.dimension_value
        and past.period_start_date <= now.period_start_date
        and past.period_start_date >= cast({{ dbt.dateadd('month', -2, 'now.period_start_date') }} as date)
    where not past.is_forecast
    group by
        now.period_start_date,
        now.dimension,
        now.dimension_value

),

cost as (

    select * from {{ ref('cost_per_inference') }}
    where period_grain = 'month'

),

forecast as (

    select * from {{ ref('int_efficiency_forecast') }}

),

bounds as (

    select
        max(case when band = 'below_floor' then low end) as warning_below_ier,
        max(case when band = 'at_floor' then low end) as floor_ier,
        max(case when band = 'healthy' then low end) as healthy_from_ier
    from {{ ref('benchmarks') }}
    where metric = 'ier_{{ var("ai_business") }}'

)

select
    actual.period_start_date,
    actual.dimension,
    actual.dimension_value
from actual
cross join bounds
left join three_months
    on actual.period_start_date = three_months.period_start_date
    and actual.dimension = three_months.dimension
    and actual.dimension_value = three_months.dimension_value
    and not actual.is_forecast
left join cost
    on actual.period_start_date = cost.period_start_date
    and actual.dimension = cost.dimension
    and actual.dimension_value = cost.dimension_value
    and not actual.is_forecast
left join forecast
    on actual.period_start_date = forecast.month_date
    and actual.dimension = forecast.dimension
    and actual.dimension_value = forecast.dimension_value
    and actual.is_forecast
where
    (
        (actual.ier_t3m is not null or three_months.ordinal > 2)
        and actual.ier_t3m is distinct from three_months.ier_t3m
    )
    or actual.unpriced_ratio is distinct from cost.unpriced_ratio
    or actual.unattributed_ratio is distinct from cost.unattributed_ratio
    or actual.warning_below_ier is distinct from bounds.warning_below_ier
    or actual.floor_ier is distinct from bounds.floor_ier
    or actual.healthy_from_ier is distinct from bounds.healthy_from_ier
    {% for bound in ['ai_revenue_low', 'ai_revenue_high', 'inference_cost_low', 'inference_cost_high'] -%}
    or actual.{{ bound }}_usd is distinct from forecast.{{ bound }}_usd
    {% endfor -%}
    or actual.unsubsidised_ier is distinct from {{ ratio(
        'actual.ai_revenue_usd',
        'case when actual.inference_cost_usd > 0 then cast(actual.inference_cost_usd as decimal(24, 12)) * cast('
        ~ var('unsubsidised_cost_multiple') ~ ' as decimal(8, 4)) end'
    ) }}
