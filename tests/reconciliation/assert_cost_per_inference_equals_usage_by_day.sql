-- Days, weeks and months of every dimension hold the usage of their days, and divide it by the inferences it served.
-- A period left out, or divided by another one's inferences, would only show as a cost that moved.
{% set sums = [
    'call_count', 'attempt_count', 'inference_count', 'successful_inference_count', 'unpriced_call_count',
] + cost_components() + ['inference_cost_usd', 'ai_cost_usd'] %}
with

{% for grain in ['day', 'week', 'month'] %}
by_{{ grain }} as (

    select
        '{{ grain }}' as period_grain,
        cast({{ dbt.date_trunc(grain, 'usage_date') }} as date) as period_start_date,
        dimension,
        dimension_value,
        {% for measure in sums -%}
        cast(sum({{ measure }}) as decimal(28, 12)) as {{ measure }},
        {% endfor -%}
        cast(sum(unattributed_cost_usd) as decimal(28, 12)) as unattributed_cost_usd
    from {{ ref('int_usage_by_dimension_daily') }}
    group by
        period_start_date,
        dimension,
        dimension_value

),

{% endfor %}
expected as (

    select * from by_day
    union all
    select * from by_week
    union all
    select * from by_month

),

divided as (

    select
        expected.*,
        case
            when expected.dimension in ('step', 'call_type') then coalesce(overall.successful_inference_count, 0)
            else expected.successful_inference_count
        end as denominator_inference_count
    from expected
    left join expected as overall
        on expected.period_grain = overall.period_grain
        and expected.period_start_date = overall.period_start_date
        and overall.dimension = 'all'

),

actual as (

    select * from {{ ref('cost_per_inference') }}

)

select
    coalesce(divided.period_grain, actual.period_grain) as period_grain,
    coalesce(divided.period_start_date, actual.period_start_date) as period_start_date,
    coalesce(divided.dimension, actual.dimension) as dimension,
    coalesce(divided.dimension_value, actual.dimension_value) as dimension_value
from divided
full outer join actual
    on divided.period_grain = actual.period_grain
    and divided.period_start_date = actual.period_start_date
    and divided.dimension = actual.dimension
    and divided.dimension_value = actual.dimension_value
where
    coalesce(divided.period_start_date, actual.period_start_date)
    <= (select max(as_of.as_of_date) from {{ ref('int_as_of_date') }} as as_of)
    and (
        actual.cpi_usd is distinct from {{ ratio('divided.ai_cost_usd', 'divided.denominator_inference_count') }}
        {%- for measure in sums + ['denominator_inference_count'] %}
        or divided.{{ measure }} is distinct from actual.{{ measure }}
        {%- endfor %}
        {%- for component in cost_components() %}
        or actual.{{ component | replace('_cost_usd', '_cpi_usd') }}
        is distinct from {{ ratio('divided.' ~ component, 'divided.denominator_inference_count') }}
        {%- endfor %}
        or actual.unpriced_ratio is distinct from {{ ratio('divided.unpriced_call_count', 'divided.call_count') }}
        or actual.unattributed_ratio
        is distinct from {{ ratio('divided.unattributed_cost_usd', 'divided.ai_cost_usd') }}
    )
