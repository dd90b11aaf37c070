-- OpenAI's own count of requests and tokens, for coverage only: never priced, never added to calls.
-- Grain: one row per landed row. Of an endpoint's bucket the newest file counts whole; older rows are `restated`.
-- The first and last bucket of a file may be cut: a bucket shorter than the file's longest is not whole.
with

source as (

    select
        *,
        coalesce(lower(object), '') as endpoint,
        cast({{ dbt.datediff('start_time', 'end_time', 'second') }} as bigint) as bucket_seconds
    from {{ source('raw', 'openai_usage') }}

),

final as (

    select

        ---------- strings
        'openai' as provider,
        endpoint,
        trim(model) as model,

        ---------- quantities: input holds cached and written tokens
        num_model_requests as request_count,
        coalesce(input_tokens, 0) + coalesce(output_tokens, 0) as total_tokens,

        ---------- flags
        bucket_seconds = max(bucket_seconds) over (partition by _load_id, endpoint)
        and bucket_seconds in (60, 3600, 86400) as is_whole_bucket,

        ---------- times
        cast(start_time as date) as utc_date,
        start_time,
        end_time,

        ---------- versions
        case
            when _load_id < max(_load_id) over (partition by start_time, end_time, endpoint) then 'restated'
        end as skip_reason,
        _load_id,
        _source_row

    from source

)

select * from final
