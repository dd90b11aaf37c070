-- The buckets of the providers' usage reports, those without a result too: a report speaks of their time as well.
-- Grain: one row per provider, endpoint, _load_id, start_time and end_time.
-- A bucket without a result does not say its endpoint: it is of every endpoint of its file, and whole if as long as theirs.
with

rows_reported as (

    select * from {{ ref('stg_openai__usage') }}
    union all
    select * from {{ ref('stg_anthropic__usage') }}

),

-- A bucket counts once, however many rows its groups make.
with_results as (

    select distinct
        provider,
        endpoint,
        _load_id,
        utc_date,
        start_time,
        end_time,
        {{ dbt.datediff('start_time', 'end_time', 'second') }} as bucket_seconds,
        true as has_results,
        is_whole_bucket,
        skip_reason is not null as is_restated
    from rows_reported

),

lengths as (

    select distinct
        provider,
        endpoint,
        _load_id,
        bucket_seconds
    from with_results
    where is_whole_bucket

),

without_results as (

    select
        lengths.provider,
        lengths.endpoint,
        lengths._load_id,
        cast(empty_buckets.start_time as date) as utc_date,
        empty_buckets.start_time,
        empty_buckets.end_time,
        lengths.bucket_seconds,
        false as has_results,
        true as is_whole_bucket,
        false as is_restated
    from lengths
    inner join {{ ref('stg_landing__empty_buckets') }} as empty_buckets
        on
            lengths._load_id = empty_buckets.load_id
            and lengths.bucket_seconds
            = {{ dbt.datediff('empty_buckets.start_time', 'empty_buckets.end_time', 'second') }}
    -- A file that holds several endpoints may have a result of another one in the same bucket.
    left join with_results
        on
            lengths.provider = with_results.provider
            and lengths.endpoint = with_results.endpoint
            and lengths._load_id = with_results._load_id
            and empty_buckets.start_time = with_results.start_time
            and empty_buckets.end_time = with_results.end_time
    where with_results.provider is null

),

final as (

    select * from with_results
    union all
    select * from without_results

)

select * from final
