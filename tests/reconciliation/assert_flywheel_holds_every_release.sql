-- Every evaluated release but the first is one row of the flywheel, and its money with it.
with

-- By its newest evaluation up to as_of_date.
scores as (

    select
        scores.release_id,
        max_by(scores.released_at, scores.evaluated_date) as released_at,
        coalesce(max_by(coalesce(scores.release_cost_usd, 0), scores.evaluated_date), 0) as release_cost_usd
    from {{ ref('stg_canonical__quality_scores') }} as scores
    cross join {{ ref('int_as_of_date') }} as as_of
    where
        as_of.as_of_date is null
        or scores.evaluated_date <= as_of.as_of_date
    group by scores.release_id

),

releases as (

    select
        count(*) as release_count,
        {{ cost_sum('release_cost_usd') }} as release_cost_usd,
        {{ money('coalesce(min_by(release_cost_usd, released_at), 0)') }} as first_cost_usd
    from scores

),

flywheel as (

    select
        count(*) as pair_count,
        {{ cost_sum('release_cost_usd') }} as release_cost_usd
    from {{ ref('data_flywheel') }}

)

select *
from releases
cross join flywheel
where
    (releases.release_count <= 1 and flywheel.pair_count <> releases.release_count)
    or (
        releases.release_count > 1
        and (
            flywheel.pair_count <> releases.release_count - 1
            or flywheel.release_cost_usd <> releases.release_cost_usd - releases.first_cost_usd
        )
    )
