-- The same task on an expensive and a cheap model, both scored; the newest version of each pair.
-- Grain: one row per evaluation_id.
with

source as (

    select * from {{ source('raw', 'paired_evaluations') }}

),

renamed as (

    select

        ---------- ids
        evaluation_id,
        task_id,

        ---------- strings
        use_case,
        lower(trim(expensive_provider)) as expensive_provider,
        trim(expensive_model) as expensive_model,
        lower(trim(cheap_provider)) as cheap_provider,
        trim(cheap_model) as cheap_model,
        method,

        ---------- scores, on the scale of the row
        expensive_score,
        cheap_score,
        scale_min,
        scale_max,
        weight,

        ---------- times
        evaluated_at,
        cast({{ in_reporting_timezone('evaluated_at') }} as date) as evaluated_date,

        ---------- versions
        row_number() over (
            partition by evaluation_id
            order by _load_id desc nulls last, _source_row desc nulls last
        ) as version_rank

    from source

)

select
    evaluation_id,
    task_id,
    use_case,
    expensive_provider,
    expensive_model,
    cheap_provider,
    cheap_model,
    method,
    expensive_score,
    cheap_score,
    scale_min,
    scale_max,
    weight,
    evaluated_at,
    evaluated_date
from renamed
where version_rank = 1
