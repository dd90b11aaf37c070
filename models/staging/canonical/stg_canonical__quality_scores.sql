-- Evaluations of released versions of the product, the newest of each release and day.
-- Grain: one row per release_id and evaluated_date.
with

source as (

    select * from {{ source('raw', 'quality_scores') }}

),

renamed as (

    select

        ---------- ids
        release_id,

        ---------- strings
        improvement_source,

        ---------- scores, on the company's own scale
        score,
        score_stddev,

        ---------- quantities
        n as graded_count,
        cumulative_users as cumulative_user_count,

        ---------- money
        {{ money('cost_usd') }} as release_cost_usd,

        ---------- times
        released_at,
        cast({{ in_reporting_timezone('released_at') }} as date) as released_date,
        cast({{ in_reporting_timezone('coalesce(evaluated_at, released_at)') }} as date) as evaluated_date,

        ---------- versions
        row_number() over (
            partition by release_id, cast({{ in_reporting_timezone('coalesce(evaluated_at, released_at)') }} as date)
            order by
                coalesce(evaluated_at, released_at) desc nulls last,
                _load_id desc nulls last,
                _source_row desc nulls last
        ) as version_rank

    from source

)

select
    release_id,
    improvement_source,
    score,
    score_stddev,
    graded_count,
    cumulative_user_count,
    release_cost_usd,
    released_at,
    released_date,
    evaluated_date
from renamed
where version_rank = 1
