-- Scores of the two arms of experiments, on different requests.
-- Grain: one row per landed row (_load_id, _source_row) that is in force.
-- A row has no id of its own, and two requests may be observed at the same moment: the rows of one file stand side by
-- side, and a later file that speaks of the same experiment, use case, model, arm and moment replaces them.
with

source as (

    select * from {{ source('raw', 'ab_results') }}

),

renamed as (

    select

        ---------- ids
        experiment_id,

        ---------- strings
        use_case,
        trim(model) as model,
        arm,

        ---------- scores, on the scale of the row
        score,
        score_stddev,
        scale_min,
        scale_max,

        ---------- quantities
        n as observation_count,

        ---------- times
        observed_at,
        cast({{ in_reporting_timezone('observed_at') }} as date) as observed_date,

        ---------- landing
        _load_id,
        _source_row,

        ---------- versions
        rank() over (
            partition by experiment_id, use_case, model, arm, observed_at
            order by _load_id desc nulls last
        ) as version_rank

    from source

)

select
    experiment_id,
    use_case,
    model,
    arm,
    score,
    score_stddev,
    scale_min,
    scale_max,
    observation_count,
    observed_at,
    observed_date,
    _load_id,
    _source_row
from renamed
where version_rank = 1
