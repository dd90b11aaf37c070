-- Requests and tokens by the providers' own count. For coverage only: never priced, never added to calls.
-- Grain: one row per provider, utc_date and model (null where the report does not name models).
-- Only whole days are compared with logs (`is_whole_day`): the first and last day of a report are often cut.
{{ config(materialized='table') }}
with

reported as (

    select * from {{ ref('stg_openai__usage') }}
    where skip_reason is null
    union all
    select * from {{ ref('stg_anthropic__usage') }}
    where skip_reason is null

),

days as (

    select * from {{ ref('int_usage_report_days') }}

),

names as (

    select * from {{ ref('int_names_resolved') }}

),

final as (

    select
        reported.provider,
        reported.utc_date,
        reported.model,
        max(coalesce(names.resolved_model, reported.model)) as resolved_model,
        cast(sum(reported.request_count) as bigint) as request_count,
        cast(sum(reported.total_tokens) as bigint) as total_tokens,
        min(case when days.is_whole_day then 1 else 0 end) = 1 as is_whole_day
    from reported
    inner join days
        on reported.provider = days.provider
        and reported.endpoint = days.endpoint
        and reported.utc_date = days.utc_date
    left join names
        on reported.provider = names.provider
        and reported.model = names.model
        and reported.utc_date >= names.valid_from_date
        and reported.utc_date < names.valid_to_date
    where
        (days.spanning_load_id is null or reported._load_id = days.spanning_load_id)
        and (reported.is_whole_bucket or not days.is_whole_day)
    group by
        reported.provider,
        reported.utc_date,
        reported.model

)

select * from final
