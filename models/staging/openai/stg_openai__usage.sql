-- OpenAI's own count of tokens.
-- Grain: one row per landed row; the newest file that has a bucket restates it whole.
with

source as (

    select * from {{ source('raw', 'openai_usage') }}

),

ranked as (

    select

        ---------- strings
        'openai' as provider,
        lower(trim(model)) as model,

        ---------- tokens: input holds cached and written ones
        coalesce(input_tokens, 0) + coalesce(output_tokens, 0) as total_tokens,

        ---------- times
        cast(start_time as date) as utc_date,
        start_time,
        end_time,

        ---------- versions
        dense_rank() over (
            partition by start_time, end_time
            order by _load_id desc nulls last
        ) as version_rank,
        _load_id,
        _source_row

    from source

)

select
    provider,
    model,
    total_tokens,
    utc_date,
    start_time,
    end_time,
    _load_id,
    _source_row
from ranked
where version_rank = 1
