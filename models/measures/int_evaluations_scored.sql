-- Pairs evaluated up to as_of_date: whether the cheap answer was good enough, and both scores from the bottom of
-- their scale.
-- Grain: one row per evaluation_id. A pair on a scale without extent cannot be judged and is left out.
-- Models and sellers go by the names they resolve to on the day (int_names_resolved).
-- Nothing is divided here: a score that is just good enough must stay so.
-- A small table: planned once, not again by every reader.
{{ config(materialized='table') }}
with

evaluations as (

    select * from {{ ref('stg_canonical__paired_evaluations') }}

),

names as (

    select * from {{ ref('int_names_resolved') }}

),

as_of as (

    select * from {{ ref('int_as_of_date') }}

),

sized as (

    -- A scale may run downwards, best score first.
    select
        evaluations.evaluation_id,
        {{ dimension_word('evaluations.use_case') }} as use_case,
        {% for side in ['expensive', 'cheap'] -%}
        case
            when evaluations.{{ side }}_provider is not null
                then coalesce({{ side }}_names.resolved_provider, evaluations.{{ side }}_provider)
        end as {{ side }}_provider,
        {{ evaluated_model(side ~ '_names', 'evaluations.' ~ side ~ '_model') }} as {{ side }}_model,
        {% endfor -%}
        evaluations.method,
        evaluations.evaluated_at,
        evaluations.evaluated_date,
        cast(evaluations.weight as decimal(18, 12)) as weight,
        cast(abs(evaluations.scale_max - evaluations.scale_min) as decimal(19, 12)) as scale_range,
        cast(
            case
                when evaluations.scale_max > evaluations.scale_min
                    then evaluations.expensive_score - evaluations.scale_min
                else evaluations.scale_min - evaluations.expensive_score
            end
        as decimal(19, 12)) as expensive_points,
        cast(
            case
                when evaluations.scale_max > evaluations.scale_min
                    then evaluations.cheap_score - evaluations.scale_min
                else evaluations.scale_min - evaluations.cheap_score
            end
        as decimal(19, 12)) as cheap_points
    from evaluations
    cross join as_of
    {% for side in ['expensive', 'cheap'] -%}
    left join names as {{ side }}_names
        on coalesce(evaluations.{{ side }}_provider, '') = {{ side }}_names.provider
        and evaluations.{{ side }}_model = {{ side }}_names.model
        and evaluations.evaluated_date >= {{ side }}_names.valid_from_date
        and evaluations.evaluated_date < {{ side }}_names.valid_to_date
    {% endfor -%}
    where
        evaluations.scale_max <> evaluations.scale_min
        -- Without any call there is no such day: everything counts.
        and (as_of.as_of_date is null or evaluations.evaluated_date <= as_of.as_of_date)

),

final as (

    select
        evaluation_id,
        use_case,
        expensive_provider,
        expensive_model,
        cheap_provider,
        cheap_model,
        method,
        evaluated_at,
        evaluated_date,
        weight,
        scale_range,
        cast(weight * expensive_points as decimal(28, 12)) as weighted_expensive_points,
        cast(weight * cheap_points as decimal(28, 12)) as weighted_cheap_points,
        cheap_points >= expensive_points - cast({{ var('tolerance_points') }} as decimal(13, 12)) * scale_range
            as is_tolerating,
        cheap_points > expensive_points as is_cheap_preferred,
        cheap_points = expensive_points as is_tie
    from sized

)

select * from final
