-- AI revenue and inference cost of the three months after the last whole one, each by least squares over the last six
-- whole months, with its 95 % prediction interval.
-- Grain: one row per month_date, dimension and dimension_value that has all six months.
-- With x = 1 … 6: sum of x 21, of its squared distances 17.5, mean 3.5.
{% set measures = ['ai_revenue', 'inference_cost'] %}
with

last_month as (

    -- The month before the one that the day after as_of_date lies in.
    select
        cast({{ dbt.dateadd('month', -1, dbt.date_trunc('month', dbt.dateadd('day', 1, 'as_of_date'))) }} as date) as month_date
    from {{ ref('int_as_of_date') }}

),

points as (

    select
        efficiency.dimension,
        efficiency.dimension_value,
        efficiency.ai_revenue_usd,
        efficiency.inference_cost_usd,
        cast(6 - ({{ dbt.datediff('efficiency.month_date', 'last_month.month_date', 'month') }}) as bigint) as x
    from {{ ref('int_efficiency_by_dimension_monthly') }} as efficiency
    cross join last_month

),

sums as (

    select
        dimension,
        dimension_value,
        {% for measure in measures -%}
        {{ cost_sum(measure ~ '_usd') }} as {{ measure }}_sum,
        {{ cost_sum('cast(x as decimal(3, 0)) * cast(' ~ measure ~ '_usd as decimal(24, 12))') }} as {{ measure }}_x_sum
        {{- ',' if not loop.last }}
        {% endfor %}
    from points
    where x between 1 and 6
    group by
        dimension,
        dimension_value
    having count(*) = 6

),

errors as (

    select
        sums.dimension,
        sums.dimension_value,
        points.x,
        {% for measure in measures -%}
        {{ money('points.' ~ measure ~ '_usd - '
            ~ fitted('sums.' ~ measure ~ '_sum', 'sums.' ~ measure ~ '_x_sum', 'points.x')) }} as {{ measure }}_error
        {{- ',' if not loop.last }}
        {% endfor %}
    from sums
    inner join points
        on
            sums.dimension = points.dimension
            and sums.dimension_value = points.dimension_value
    where points.x between 1 and 6

),

-- Six columns added up in one order: a sum of doubles over rows may differ from run to run.
squares as (

    select
        dimension,
        dimension_value,
        {% for measure in measures -%}
        {% for x in range(1, 7) -%}
        power(cast(max(case when x = {{ x }} then {{ measure }}_error end) as double), 2)
        {{- ' +' if not loop.last }}
        {% endfor %}
            as {{ measure }}_square_sum{{ ',' if not loop.last }}
        {% endfor %}
    from errors
    group by
        dimension,
        dimension_value

),

student as (

    select cast(low as double) as t
    from {{ ref('benchmarks') }}
    where metric = 'student_t_95' and band = '4'

),

ahead as (

    select
        cast({{ dbt.dateadd('month', 'months.months_ahead', 'last_month.month_date') }} as date) as month_date,
        6 + months.months_ahead as x
    from last_month
    cross join (values (1), (2), (3)) as months (months_ahead)

),

forecast as (

    select
        ahead.month_date,
        sums.dimension,
        sums.dimension_value,
        {% for measure in measures -%}
        {{ fitted('sums.' ~ measure ~ '_sum', 'sums.' ~ measure ~ '_x_sum', 'ahead.x') }} as {{ measure }}_usd,
        student.t * sqrt(
            squares.{{ measure }}_square_sum / 4e0
            * (1e0 + 1e0 / 6e0 + (cast(ahead.x as double) - 3.5e0) * (cast(ahead.x as double) - 3.5e0) / 17.5e0)
        ) as {{ measure }}_half_width{{ ',' if not loop.last }}
        {% endfor %}
    from sums
    inner join squares
        on
            sums.dimension = squares.dimension
            and sums.dimension_value = squares.dimension_value
    cross join ahead
    -- Without the seed's row there is a forecast, and no interval.
    left join student
        on true

),

final as (

    select
        month_date,
        dimension,
        dimension_value,
        {% for measure in measures -%}
        {{ money(measure ~ '_usd') }} as {{ measure }}_usd,
        {%- set half_width = decimal_of(measure ~ '_half_width') %}
        {{ money(measure ~ '_usd - ' ~ half_width) }} as {{ measure }}_low_usd,
        {{ money(measure ~ '_usd + ' ~ half_width) }} as {{ measure }}_high_usd{{ ',' if not loop.last }}
        {% endfor %}
    from forecast

)

select * from final
