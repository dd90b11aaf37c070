-- Whether a cheap model does as well as it did: the tolerance of each month's evaluations beside that of the month
-- evaluated before.
-- Grain: one row per period_start_date, use_case, expensive_model and cheap_model; only months with evaluations.
-- The interval of the change is Newcombe's, made of the two Wilson intervals.
with

months as (

    select * from {{ ref('int_evaluations_summed_monthly') }}

),

bounded as (

    select
        period_start_date,
        use_case,
        expensive_model,
        cheap_model,
        pair_count,
        tolerating_count,
        {{ ratio('tolerating_count', 'pair_count') }} as tolerance_ratio,
        {{ wilson_bound('tolerating_count', 'pair_count', '-') }} as lower_ratio,
        {{ wilson_bound('tolerating_count', 'pair_count', '+') }} as upper_ratio,
        {{ retention('cheap_points', 'expensive_points') }} as retention_ratio
    from months

),

compared as (

    select
        *,
        {% for column in ['period_start_date', 'tolerance_ratio', 'lower_ratio', 'upper_ratio'] -%}
        lag({{ column }}) over (
            partition by use_case, expensive_model, cheap_model
            order by period_start_date asc nulls last
        ) as previous_{{ column }}{{ ',' if not loop.last }}
        {% endfor %}
    from bounded

),

intervals as (

    select
        period_start_date,
        use_case,
        expensive_model,
        cheap_model,
        previous_period_start_date,
        pair_count,
        tolerating_count,
        tolerance_ratio,
        lower_ratio,
        upper_ratio,
        retention_ratio,
        previous_tolerance_ratio,
        cast(tolerance_ratio - previous_tolerance_ratio as decimal(28, 12)) as tolerance_change_ratio,
        cast(tolerance_ratio - previous_tolerance_ratio - {{ statistic(
            'sqrt(power(cast(tolerance_ratio - lower_ratio as double), 2)'
            ~ ' + power(cast(previous_upper_ratio - previous_tolerance_ratio as double), 2))'
        ) }} as decimal(28, 12)) as change_lower_ratio,
        cast(tolerance_ratio - previous_tolerance_ratio + {{ statistic(
            'sqrt(power(cast(upper_ratio - tolerance_ratio as double), 2)'
            ~ ' + power(cast(previous_tolerance_ratio - previous_lower_ratio as double), 2))'
        ) }} as decimal(28, 12)) as change_upper_ratio
    from compared

),

begun as (

    -- No period after as_of_date has a row.
    select
        intervals.*,
        {{ is_complete('intervals.period_start_date', 'month') }} as is_complete
    from intervals
    inner join {{ ref('int_as_of_date') }} as as_of
        on intervals.period_start_date <= as_of.as_of_date

),

final as (

    select
        period_start_date,
        use_case,
        expensive_model,
        cheap_model,
        previous_period_start_date,
        pair_count,
        tolerating_count,
        tolerance_ratio,
        lower_ratio,
        upper_ratio,
        retention_ratio,
        previous_tolerance_ratio,
        tolerance_change_ratio,
        change_lower_ratio,
        change_upper_ratio,
        {{ change_status('change_lower_ratio', 'change_upper_ratio') }} as status,
        is_complete
    from begun

)

select * from final
