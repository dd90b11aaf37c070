-- The days that the providers' usage reports speak of, and which file speaks of each.
-- Grain: one row per provider, endpoint and utc_date.
-- A day is whole when one file spans it from midnight to midnight, of several the newest; or when the whole buckets of
-- several files add up to it. The first and last bucket of a file may be cut: they span nothing. What lies between the
-- first and the last bucket of a file was reported. A first or last day without any result is not spoken of.
with

buckets as (

    select * from {{ ref('int_usage_report_buckets') }}

),

files as (

    select
        provider,
        endpoint,
        _load_id,
        min(case when has_results then utc_date end) as from_date,
        max(case when has_results then utc_date end) as last_date,
        min(case when is_whole_bucket then start_time end) as whole_from_time,
        max(case when is_whole_bucket then end_time end) as whole_to_time
    from buckets
    group by
        provider,
        endpoint,
        _load_id

),

digits as (

    select digit from (values (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)) as names (digit)

),

day_numbers as (

    select ones.digit + 10 * tens.digit + 100 * hundreds.digit as day_number
    from digits as ones
    cross join digits as tens
    cross join digits as hundreds

),

file_days as (

    select
        files.provider,
        files.endpoint,
        files._load_id,
        files.whole_from_time,
        files.whole_to_time,
        cast({{ dbt.dateadd('day', 'day_numbers.day_number', 'files.from_date') }} as date) as utc_date
    from files
    inner join day_numbers
        on day_numbers.day_number <= {{ dbt.datediff('files.from_date', 'files.last_date', 'day') }}

),

-- Several files may have a bucket.
buckets_covered as (

    select distinct
        provider,
        endpoint,
        utc_date,
        start_time,
        bucket_seconds
    from buckets
    where
        is_whole_bucket
        and not is_restated

),

bucket_days as (

    select
        provider,
        endpoint,
        utc_date,
        sum(bucket_seconds) as covered_seconds
    from buckets_covered
    group by
        provider,
        endpoint,
        utc_date

),

spanned as (

    select
        provider,
        endpoint,
        utc_date,
        max(case
            when whole_from_time <= cast(utc_date as timestamp)
                and whole_to_time >= cast({{ dbt.dateadd('day', 1, 'utc_date') }} as timestamp)
                then _load_id
        end) as spanning_load_id
    from file_days
    group by
        provider,
        endpoint,
        utc_date

),

final as (

    select
        spanned.provider,
        spanned.endpoint,
        spanned.utc_date,
        spanned.spanning_load_id,
        spanned.spanning_load_id is not null or coalesce(bucket_days.covered_seconds = 86400, false) as is_whole_day
    from spanned
    left join bucket_days
        on spanned.provider = bucket_days.provider
        and spanned.endpoint = bucket_days.endpoint
        and spanned.utc_date = bucket_days.utc_date

)

select * from final
