-- Scores of Langfuse, the newest landing of each: what users said (feedback), how runs ended (outcomes), and the
-- judgements of evaluators, which are neither.
-- Grain: one row per score_id.
with

source as (

    select * from {{ source('raw', 'langfuse_scores') }}

),

named as (

    select
        *,
        lower(trim(name)) in ('{{ var("feedback_score_names") | join("', '") | lower }}') as is_feedback,
        lower(trim(name)) in ('{{ var("outcome_score_names") | join("', '") | lower }}') as is_outcome,
        row_number() over (
            partition by id
            order by _load_id desc nulls last, _source_row desc nulls last
        ) as version_rank
    from source

),

renamed as (

    select

        ---------- ids
        id as score_id,
        trace_id,
        observation_id,

        ---------- strings
        is_feedback,
        is_outcome,
        case
            when not is_feedback then null
            when lower(trim(name)) in ('retry', 'edit') then lower(trim(name))
            when lower(trim(name)) = 'rating' and coalesce(upper(data_type), '') <> 'BOOLEAN' and value is not null
                then 'rating'
            when upper(data_type) = 'BOOLEAN' or value in (-1, 0, 1)
                then case when value > 0 then 'thumbs_up' when value is not null then 'thumbs_down' end
            when value is not null then 'rating'
            when lower(string_value) in ('thumbs_up', 'thumbs_down', 'retry', 'edit') then lower(string_value)
        end as kind,
        case
            when not is_outcome then null
            when lower(trim(string_value)) in ('completed', 'failed', 'abandoned') then lower(trim(string_value))
            when value > 0 then 'completed'
            when value = 0 then 'failed'
        end as outcome,

        ---------- quantities
        value as score,

        ---------- times
        timestamp as scored_at,
        cast({{ in_reporting_timezone('timestamp') }} as date) as scored_date,

        ---------- flags
        coalesce(is_deleted, false) as is_deleted,
        upper(source) as scored_by,

        ---------- landing
        _load_id,
        _source_row

    from named
    where version_rank = 1

),

final as (

    select
        score_id,
        trace_id,
        observation_id,
        kind,
        outcome,
        score,
        scored_at,
        scored_date,
        case
            when is_deleted then 'deleted'
            when not is_feedback and not is_outcome and scored_by = 'EVAL' then 'evaluator'
            when not is_feedback and not is_outcome then 'other_score'
            when is_outcome and (outcome is null or trace_id is null) then 'no_outcome'
            when is_feedback and kind is null then 'no_value'
        end as skip_reason,
        _load_id,
        _source_row
    from renamed

)

select * from final
