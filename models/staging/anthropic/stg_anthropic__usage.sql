-- Anthropic's own count of tokens, for coverage only: never priced, never added to calls. It counts no requests.
-- Grain: one row per landed row. Of a bucket the newest file that has it, with or without a result, counts whole; older
-- rows are `restated`.
-- The first and last bucket of a file may be cut: a bucket shorter than the file's longest is not whole.
with

empty_buckets as (

    {{ empty_buckets('anthropic_usage_report') }}

),

source as (

    select
        reports.*,
        cast({{ dbt.datediff('reports.starting_at', 'reports.ending_at', 'second') }} as bigint) as bucket_seconds,
        greatest(
            max(reports._load_id) over (partition by reports.starting_at, reports.ending_at),
            coalesce(empty_buckets.newest_load_id, 0)
        ) as newest_load_id
    from {{ source('raw', 'anthropic_usage_report') }} as reports
    left join empty_buckets
        on
            reports.starting_at = empty_buckets.start_time
            and reports.ending_at = empty_buckets.end_time

),

final as (

    select

        ---------- strings
        'anthropic' as provider,
        'messages' as endpoint,
        trim(model) as model,

        ---------- quantities: the buckets of tokens are disjoint
        cast(null as bigint) as request_count,
        coalesce(uncached_input_tokens, 0)
        + coalesce(cache_read_input_tokens, 0)
        + coalesce(cache_creation_ephemeral_5m_input_tokens, 0)
        + coalesce(cache_creation_ephemeral_1h_input_tokens, 0)
        + coalesce(output_tokens, 0) as total_tokens,

        ---------- flags
        bucket_seconds = max(bucket_seconds) over (partition by _load_id)
        and bucket_seconds in (60, 3600, 86400) as is_whole_bucket,

        ---------- times
        cast(starting_at as date) as utc_date,
        starting_at as start_time,
        ending_at as end_time,

        ---------- versions
        case when _load_id < newest_load_id then 'restated' end as skip_reason,
        _load_id,
        _source_row

    from source

)

select * from final
