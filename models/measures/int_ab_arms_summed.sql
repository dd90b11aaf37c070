-- The arms of experiments observed up to as_of_date, as sums: enough for their means and variances.
-- Grain: one row per experiment_id, use_case, arm and model. Scores are scaled to 0 and 1.
-- A small table: planned once, not again by every reader.
{{ config(materialized='table') }}
with

results as (

    select * from {{ ref('stg_canonical__ab_results') }}

),

names as (

    select * from {{ ref('int_names_resolved') }}

),

as_of as (

    select * from {{ ref('int_as_of_date') }}

),

scaled as (

    select
        results.experiment_id,
        {{ dimension_word('results.use_case') }} as use_case,
        results.arm,
        {{ evaluated_model('names', 'results.model') }} as model,
        results.observation_count,
        results.observed_date,
        results.observation_count > 1 and results.score_stddev is null as lacks_deviation,
        cast(
            {{ ratio('results.score - results.scale_min', 'results.scale_max - results.scale_min') }}
        as decimal(15, 12)) as score,
        cast(
            {{ ratio('coalesce(results.score_stddev, 0)', 'abs(results.scale_max - results.scale_min)') }}
        as decimal(15, 12)) as score_stddev
    from results
    cross join as_of
    left join names
        on results.model = names.model
        and names.provider = ''
        and results.observed_date >= names.valid_from_date
        and results.observed_date < names.valid_to_date
    where
        results.scale_max <> results.scale_min
        and (as_of.as_of_date is null or results.observed_date <= as_of.as_of_date)

),

final as (

    select
        experiment_id,
        use_case,
        arm,
        model,
        cast(sum(observation_count) as bigint) as observation_count,
        count(*) filter (where lacks_deviation) = 0 as has_deviations,
        cast(sum(cast(observation_count as decimal(19, 0)) * score) as decimal(28, 12)) as score_sum,
        cast(sum(cast(observation_count as decimal(19, 0)) * cast(score * score as decimal(18, 12))) as decimal(28, 12))
            as squared_score_sum,
        -- What varies inside the aggregates, whose deviation is that of a sample.
        cast(sum(
            cast(observation_count - 1 as decimal(19, 0)) * cast(score_stddev * score_stddev as decimal(18, 12))
        ) as decimal(28, 12)) as inner_square_sum,
        max(observed_date) as last_observed_date
    from scaled
    group by
        experiment_id,
        use_case,
        arm,
        model

)

select * from final
