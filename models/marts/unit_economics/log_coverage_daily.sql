-- Requests and tokens by the provider's own count against those of our logs: calls that are missing from the logs.
-- Grain: one row per utc_date, provider and model (`all` where the report does not name models).
-- Days are UTC, the providers' days, not those of reporting_timezone. Compare whole days only.
with

reported as (

    select * from {{ ref('int_usage_reported_daily') }}

),

usage_rows as (

    select * from {{ ref('int_usage_priced_daily') }}

),

as_of as (

    select as_of_date from {{ ref('int_as_of_date') }}

),

-- Whether every row of a provider's day says which model it is about; a day may be spoken of without any row.
days as (

    select
        report_days.provider,
        report_days.utc_date,
        min(case when report_days.is_whole_day then 1 else 0 end) = 1 as is_whole_day,
        count(reported.provider) = count(reported.model) as is_by_model
    from {{ ref('int_usage_report_days') }} as report_days
    left join reported
        on report_days.provider = reported.provider
        and report_days.utc_date = reported.utc_date
    cross join as_of
    -- Without any call, charge, bill or spend there is no as_of_date, and nothing to cut.
    where coalesce(report_days.utc_date <= as_of.as_of_date, true)
    group by
        report_days.provider,
        report_days.utc_date

),

counted as (

    select
        days.utc_date,
        days.provider,
        case when days.is_by_model then {{ dimension_word('reported.resolved_model') }} else 'all' end as model,
        reported.request_count as reported_request_count,
        cast(null as bigint) as logged_request_count,
        reported.total_tokens as reported_tokens,
        cast(null as bigint) as logged_tokens
    from days
    inner join reported
        on days.provider = reported.provider
        and days.utc_date = reported.utc_date

    union all

    select
        days.utc_date,
        days.provider,
        case when days.is_by_model then usage_rows.resolved_model else 'all' end as model,
        cast(null as bigint) as reported_request_count,
        usage_rows.driver_calls as logged_request_count,
        cast(null as bigint) as reported_tokens,
        usage_rows.driver_tokens as logged_tokens
    from days
    inner join usage_rows
        on days.provider = usage_rows.resolved_provider
        and days.utc_date = usage_rows.utc_date

),

summed as (

    select
        utc_date,
        provider,
        model,
        cast(sum(reported_request_count) as bigint) as reported_request_count,
        cast(coalesce(sum(logged_request_count), 0) as bigint) as logged_request_count,
        cast(coalesce(sum(reported_tokens), 0) as bigint) as reported_tokens,
        cast(coalesce(sum(logged_tokens), 0) as bigint) as logged_tokens
    from counted
    group by
        utc_date,
        provider,
        model

),

final as (

    select
        summed.utc_date,
        summed.provider,
        summed.model,
        summed.reported_request_count,
        summed.logged_request_count,
        summed.reported_tokens,
        summed.logged_tokens,
        case when days.is_whole_day then {{ ratio('summed.logged_tokens', 'summed.reported_tokens') }} end
            as coverage_ratio,
        case when days.is_whole_day then {{ ratio('summed.logged_request_count', 'summed.reported_request_count') }} end
            as request_coverage_ratio,
        days.is_whole_day,
        case
            when not days.is_whole_day then 'partial_day'
            when summed.reported_tokens = 0 then 'not_reported'
            when summed.reported_tokens > summed.logged_tokens * (1 + {{ var('usage_gap_ratio') }}) then 'usage_gap'
            else 'covered'
        end as coverage_status
    from summed
    inner join days
        on summed.provider = days.provider
        and summed.utc_date = days.utc_date

)

select * from final
