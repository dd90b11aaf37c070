-- Evaluated pairs by month, ready to be added up over months.
-- Grain: one row per period_start_date, use_case, expensive_model and cheap_model.
-- Points are stated on the widest scale of the model pair, which is one number for all its months: their quotients are
-- those of scores scaled to 0 and 1, without dividing first.
-- A small table: planned once, not again by every reader.
{{ config(materialized='table') }}
with

evaluations as (

    select * from {{ ref('int_evaluations_scored') }}

),

by_scale as (

    select
        cast({{ dbt.date_trunc('month', 'evaluated_date') }} as date) as period_start_date,
        use_case,
        expensive_model,
        cheap_model,
        scale_range,
        count(*) as pair_count,
        count(*) filter (where is_tolerating) as tolerating_count,
        cast(sum(weight) as decimal(28, 12)) as weight,
        cast(sum(weighted_expensive_points) as decimal(22, 12)) as weighted_expensive_points,
        cast(sum(weighted_cheap_points) as decimal(22, 12)) as weighted_cheap_points,
        max(evaluated_date) as last_pair_date
    from evaluations
    group by
        cast({{ dbt.date_trunc('month', 'evaluated_date') }} as date),
        use_case,
        expensive_model,
        cheap_model,
        scale_range

),

widened as (

    select
        *,
        max(scale_range) over (partition by use_case, expensive_model, cheap_model) as widest_range
    from by_scale

),

stretched as (

    select
        *,
        cast({{ ratio('widest_range', 'scale_range') }} as decimal(15, 12)) as stretch
    from widened

),

final as (

    select
        period_start_date,
        use_case,
        expensive_model,
        cheap_model,
        cast(sum(pair_count) as bigint) as pair_count,
        cast(sum(tolerating_count) as bigint) as tolerating_count,
        cast(sum(weight) as decimal(28, 12)) as weight,
        cast(sum(cast(weighted_expensive_points * stretch as decimal(28, 12))) as decimal(28, 12))
            as expensive_points,
        cast(sum(cast(weighted_cheap_points * stretch as decimal(28, 12))) as decimal(28, 12)) as cheap_points,
        cast(max(widest_range) as decimal(28, 12)) as widest_range,
        max(last_pair_date) as last_pair_date
    from stretched
    group by
        period_start_date,
        use_case,
        expensive_model,
        cheap_model

)

select * from final
