-- Releases evaluated up to as_of_date, each by its newest evaluation until then, beside the one before.
-- Grain: one row per release_id.
with

scores as (

    select * from {{ ref('stg_canonical__quality_scores') }}

),

as_of as (

    select * from {{ ref('int_as_of_date') }}

),

known as (

    select
        scores.*,
        row_number() over (
            partition by scores.release_id
            order by scores.evaluated_date desc nulls last
        ) as evaluation_rank
    from scores
    cross join as_of
    where as_of.as_of_date is null or scores.evaluated_date <= as_of.as_of_date

),

numbered as (

    select
        known.*,
        cast(case
            when known.graded_count > 0 and known.score_stddev is not null
                then {{ ratio('known.score_stddev', 'known.graded_count') }}
        end as decimal(28, 12)) as deviation_per_answer,
        cast(row_number() over (
            order by known.released_at asc nulls last, known.release_id asc nulls last
        ) as bigint) as release_number,
        count(*) over () as release_count
    from known
    where known.evaluation_rank = 1

),

final as (

    select
        numbered.release_id,
        earlier.release_id as previous_release_id,
        numbered.released_date,
        numbered.improvement_source,
        numbered.release_number,
        numbered.release_count,
        cast(numbered.score as decimal(28, 12)) as score,
        cast(earlier.score as decimal(28, 12)) as previous_score,
        numbered.release_cost_usd,
        case
            when numbered.cumulative_user_count > earlier.cumulative_user_count
                then numbered.cumulative_user_count - earlier.cumulative_user_count
        end as users_added,
        cast(numbered.score - earlier.score as decimal(28, 12)) as score_change,
        {{ statistic(
            'cast(' ~ var('confidence_z') ~ ' as double) * sqrt('
            ~ 'cast(numbered.score_stddev as double) * cast(numbered.deviation_per_answer as double)'
            ~ ' + cast(earlier.score_stddev as double) * cast(earlier.deviation_per_answer as double))'
        ) }} as change_margin
    from numbered
    left join numbered as earlier
        on numbered.release_number = earlier.release_number + 1

)

select * from final
