-- What experiments say about a cheap model beside an expensive one: difference of the mean scores with its 95 %
-- interval. Arms meet within their experiment; several experiments on the same models are combined by the inverse
-- variance of their differences, never by pooling the arms: sizes differ, and a mix of easy and hard tasks would speak
-- for the model. Where a variance is 0 or unknown they are weighted by their size instead.
-- Grain: one row per use_case, expensive_model and cheap_model.
-- A small table: planned once, not again by every reader.
{{ config(materialized='table') }}
{% set sides = ['expensive', 'cheap'] %}
with

arms as (

    select * from {{ ref('int_ab_arms_summed') }}

),

experiments as (

    select
        expensive.use_case,
        expensive.model as expensive_model,
        cheap.model as cheap_model,
        {% for side in sides -%}
        {{ side }}.observation_count as {{ side }}_count,
        {{ ratio(side ~ '.score_sum', side ~ '.observation_count') }} as {{ side }}_mean,
        cast({{ side }}.squared_score_sum + {{ side }}.inner_square_sum as double) as {{ side }}_squares,
        cast({{ side }}.score_sum as double) * cast({{ side }}.score_sum as double) / {{ side }}.observation_count
            as {{ side }}_mean_squares,
        {{ side }}.has_deviations as {{ side }}_has_deviations,
        {% endfor -%}
        greatest(expensive.last_observed_date, cheap.last_observed_date) as last_observed_date
    from arms as expensive
    inner join arms as cheap
        on expensive.experiment_id = cheap.experiment_id
        and expensive.use_case = cheap.use_case
        and expensive.arm = 'expensive'
        and cheap.arm = 'cheap'

),

varied as (

    -- Variances of the means. Equal scores leave what their squares were rounded by: that is none.
    select
        *,
        {% for side in sides -%}
        case
            when {{ side }}_has_deviations and {{ side }}_count > 1
                then case
                    when {{ side }}_squares - {{ side }}_mean_squares > 1e-12 * ({{ side }}_count + {{ side }}_squares)
                        then {{ side }}_squares - {{ side }}_mean_squares
                    else cast(0 as double)
                end / (cast({{ side }}_count as double) * ({{ side }}_count - 1))
        end as {{ side }}_variance{{ ',' if not loop.last }}
        {% endfor %}
    from experiments

),

compared as (

    select
        *,
        expensive_variance + cheap_variance as variance,
        min(coalesce(expensive_variance + cheap_variance, 0)) over (
            partition by use_case, expensive_model, cheap_model
        ) > 0 as has_variances
    from varied

),

weighted as (

    select
        *,
        case
            when has_variances then 1 / variance
            else cast(expensive_count as double) * cheap_count / (cast(expensive_count as double) + cheap_count)
        end as weight
    from compared

),

combined as (

    select
        use_case,
        expensive_model,
        cheap_model,
        {% for side in sides -%}
        cast(sum({{ side }}_count) as bigint) as {{ side }}_count,
        -- A single experiment is exact.
        case
            when count(*) = 1 then max({{ side }}_mean)
            else {{ statistic('sum(weight * cast(' ~ side ~ '_mean as double)) / sum(weight)') }}
        end as mean_{{ side }}_score,
        {% endfor -%}
        max(last_observed_date) as last_observed_date,
        case
            when count(*) = count(variance)
                then {{ statistic(
                    'cast(' ~ var('confidence_z') ~ ' as double) * sqrt(sum(weight * weight * variance)) / sum(weight)'
                ) }}
        end as difference_margin
    from weighted
    group by
        use_case,
        expensive_model,
        cheap_model

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
    from combined

)

select * from final
