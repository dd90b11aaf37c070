-- OpenAI's own count of requests and tokens, for coverage only: never priced, never added to calls.
-- Grain: one row per landed row. Of an endpoint's bucket the newest file that has it, with or without a result, counts
-- whole; older rows are `restated`. A bucket without a result is of the endpoints that its file has results of.
-- The first and last bucket of a file may be cut: a bucket shorter than the file's longest is not whole.
with

source as (

    select
        *,
        -- A file made flat often drops its endpoint; the report that everybody exports is that of completions.
        coalesce(nullif(lower(trim(object)), ''), 'organization.usage.completions.result') as endpoint,
        cast({{ dbt.datediff('start_time', 'end_time', 'second') }} as bigint) as bucket_seconds
    from {{ source('raw', 'openai_usage') }}

),

endpoints as (

    select distinct
        endpoint,
        _load_id
    from source

),

empty_buckets as (

    select
        endpoints.endpoint,
        empty_buckets.start_time,
        empty_buckets.end_time,
        max(empty_buckets.load_id) as newest_load_id
    from {{ source('raw', 'empty_buckets') }} as empty_buckets
    inner join endpoints
        on empty_buckets.load_id = endpoints._load_id
    group by
        endpoints.endpoint,
        empty_buckets.start_time,
        empty_buckets.end_time

),

versioned as (

    select
        source.*,
        greatest(
            max(source._load_id) over (partition by source.start_time, source.end_time, source.endpoint),
            coalesce(empty_buckets.newest_load_id, 0)
        ) as newest_load_id
    from source
    left join empty_buckets
        on
            source.endpoint = empty_buckets.endpoint
            and source.start_time = empty_buckets.start_time
            and source.end_time = empty_buckets.end_time

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
        case when _load_id < newest_load_id then 'restated' end as skip_reason,
        _load_id,
        _source_row

    from versioned

)

select * from final
