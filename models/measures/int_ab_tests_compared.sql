-- What experiments say about a cheap model beside an expensive one: difference of the mean scores with its 95 %
-- interval. Arms meet within their experiment; several experiments on the same models are added up.
-- Grain: one row per use_case, expensive_model and cheap_model.
-- A small table: planned once, not again by every reader.
{{ config(materialized='table') }}
{% set sides = ['expensive', 'cheap'] %}
with

arms as (

    select * from {{ ref('int_ab_arms_summed') }}

),

joined as (

    select
        expensive.use_case,
        expensive.model as expensive_model,
        cheap.model as cheap_model,
        {% for side in sides -%}
        cast(sum({{ side }}.observation_count) as bigint) as {{ side }}_count,
        cast(sum({{ side }}.score_sum) as decimal(28, 12)) as {{ side }}_sum,
        cast(sum({{ side }}.squared_score_sum + {{ side }}.inner_square_sum) as decimal(28, 12)) as {{ side }}_squares,
        {% endfor -%}
        count(*) filter (where not expensive.has_deviations or not cheap.has_deviations) = 0 as has_deviations,
        max(greatest(expensive.last_observed_date, cheap.last_observed_date)) as last_observed_date
    from arms as expensive
    inner join arms as cheap
        on expensive.experiment_id = cheap.experiment_id
        and expensive.use_case = cheap.use_case
        and expensive.arm = 'expensive'
        and cheap.arm = 'cheap'
    group by
        expensive.use_case,
        expensive.model,
        cheap.model

),

averaged as (

    select
        use_case,
        expensive_model,
        cheap_model,
        expensive_count,
        cheap_count,
        last_observed_date,
        {{ ratio('expensive_sum', 'expensive_count') }} as mean_expensive_score,
        {{ ratio('cheap_sum', 'cheap_count') }} as mean_cheap_score,
        case
            when has_deviations and expensive_count > 1 and cheap_count > 1
                then {{ statistic(
                    'cast(' ~ var('confidence_z') ~ ' as double) * sqrt(greatest(cast(0 as double), '
                    ~ '(cast(expensive_squares as double)'
                    ~ ' - cast(expensive_sum as double) * cast(expensive_sum as double) / expensive_count)'
                    ~ ' / (cast(expensive_count as double) * (expensive_count - 1))'
                    ~ ' + (cast(cheap_squares as double)'
                    ~ ' - cast(cheap_sum as double) * cast(cheap_sum as double) / cheap_count)'
                    ~ ' / (cast(cheap_count as double) * (cheap_count - 1))))'
                ) }}
        end as difference_margin
    from joined

),

final as (

    select
        use_case,
        expensive_model,
        cheap_model,
        expensive_count,
        cheap_count,
        last_observed_date,
        mean_expensive_score,
        mean_cheap_score,
        cast(mean_cheap_score - mean_expensive_score as decimal(28, 12)) as score_difference,
        cast(mean_cheap_score - mean_expensive_score - difference_margin as decimal(28, 12)) as difference_lower,
        cast(mean_cheap_score - mean_expensive_score + difference_margin as decimal(28, 12)) as difference_upper
    from averaged

)

select * from final
