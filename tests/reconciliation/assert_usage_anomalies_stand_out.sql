-- Anomalies told without a median: at least half of the days with inferences among the days before lie below the day's
-- value ÷ the multiple. Counted on the day facts: a day too many would call the wrong customer, a lost one would call
-- nobody. A median told has half of those days at or below it and less than half below. Users are not looked at here.
{% set measures = {
    'inferences': ['inference_count', var('anomaly_inferences_multiple'), 0],
    'cost': ['computed_cost_usd', var('anomaly_cost_multiple'), var('anomaly_floor_usd')],
} %}
with

daily as (

    {% for dimension, value in {'customer': 'usage_daily.customer_id', 'feature': 'usage_daily.feature'}.items() -%}
    select
        usage_daily.usage_date,
        '{{ dimension }}' as dimension,
        {{ value }} as dimension_value,
        {{ token_sum('usage_daily.inference_count') }} as inference_count,
        {{ cost_sum('usage_daily.computed_cost_usd') }} as computed_cost_usd
    from {{ ref('fct_usage_daily') }} as usage_daily
    inner join {{ ref('dim_customers') }} as customers
        on usage_daily.customer_id = customers.customer_id
    {% if dimension != 'customer' -%}
    where not customers.is_internal
    {% endif -%}
    group by
        usage_daily.usage_date,
        {{ value }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

days_back as (

    select *
    from (
        values {% for number in range(1, var('anomaly_trailing_days') + 1) -%}
        ({{ number }}){{ ', ' if not loop.last }}
        {%- endfor %}
    ) as names (day_count)

),

days_asked as (

    select
        daily.*,
        cast({{ dbt.dateadd('day', '-1 * days_back.day_count', 'daily.usage_date') }} as date) as before_date
    from daily
    cross join days_back
    where {{ in_days_to_test('daily.usage_date', 'month') }}

),

expected as (

    {% for measure, (column, multiple, floor) in measures.items() -%}
    select
        days.usage_date,
        days.dimension,
        days.dimension_value,
        '{{ measure }}' as measure,
        {{ money('max(days.' ~ column ~ ')') }} as measured_value
    from days_asked as days
    inner join daily as before
        on days.dimension = before.dimension
        and days.dimension_value = before.dimension_value
        and days.before_date = before.usage_date
    where
        before.inference_count > 0
        and days.{{ column }} > 0
        and days.{{ column }} >= {{ floor }}
        and days.usage_date <= (select max(as_of.as_of_date) from {{ ref('int_as_of_date') }} as as_of)
    group by
        days.usage_date,
        days.dimension,
        days.dimension_value
    having
        count(*) >= {{ var('anomaly_min_days') }}
        and 2 * count(*) filter (where {{ money('before.' ~ column) }} * {{ multiple }} < days.{{ column }}) >= count(*)
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

actual as (

    select *
    from {{ ref('usage_anomalies_daily') }}
    where
        dimension <> 'user'
        and {{ in_days_to_test('usage_date', 'month') }}

),

-- The days that each anomaly told was compared with.
compared as (

    select
        actual.usage_date,
        actual.dimension,
        actual.dimension_value,
        actual.measure,
        max(days.computed_cost_usd) as computed_cost_usd,
        count(*) as day_count,
        {% set before_value -%}
        case when actual.measure = 'cost' then before.computed_cost_usd else before.inference_count end
        {%- endset -%}
        count(*) filter (where {{ before_value }} <= actual.trailing_median) as at_most_count,
        count(*) filter (where {{ before_value }} < actual.trailing_median) as below_count
    from actual
    inner join days_asked as days
        on actual.usage_date = days.usage_date
        and actual.dimension = days.dimension
        and actual.dimension_value = days.dimension_value
    inner join daily as before
        on days.dimension = before.dimension
        and days.dimension_value = before.dimension_value
        and days.before_date = before.usage_date
    where before.inference_count > 0
    group by
        actual.usage_date,
        actual.dimension,
        actual.dimension_value,
        actual.measure

)

select
    coalesce(expected.usage_date, actual.usage_date) as usage_date,
    coalesce(expected.dimension, actual.dimension) as dimension,
    coalesce(expected.dimension_value, actual.dimension_value) as dimension_value,
    coalesce(expected.measure, actual.measure) as measure,
    expected.measured_value,
    actual.value
from expected
full outer join actual
    on expected.usage_date = actual.usage_date
    and expected.dimension = actual.dimension
    and expected.dimension_value = actual.dimension_value
    and expected.measure = actual.measure
left join compared
    on actual.usage_date = compared.usage_date
    and actual.dimension = compared.dimension
    and actual.dimension_value = compared.dimension_value
    and actual.measure = compared.measure
where
    expected.measured_value is distinct from actual.value
    or actual.computed_cost_usd is distinct from compared.computed_cost_usd
    or actual.trailing_day_count is distinct from compared.day_count
    or compared.at_most_count * 2 < compared.day_count
    or compared.below_count * 2 >= compared.day_count
    or actual.multiple is distinct from {{ ratio('actual.value', 'actual.trailing_median') }}
