-- Releases evaluated up to as_of_date, each beside the one before.
-- Grain: one row per release_id.
with

scores as (

    select * from {{ ref('stg_canonical__quality_scores') }}

),

as_of as (

    select * from {{ ref('int_as_of_date') }}

),

numbered as (

    select
        scores.*,
        cast(case
            when scores.graded_count > 0 and scores.score_stddev is not null
                then {{ ratio('scores.score_stddev', 'scores.graded_count') }}
        end as decimal(28, 12)) as deviation_per_answer,
        cast(row_number() over (
            order by scores.released_at asc nulls last, scores.release_id asc nulls last
        ) as bigint) as release_number,
        count(*) over () as release_count
    from scores
    cross join as_of
    where as_of.as_of_date is null or scores.evaluated_date <= as_of.as_of_date

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
