-- Tokens by the providers' own count, next to ours on the same days. Coverage only: never priced, never added.
-- Grain: one row per period_start_date, resolved_provider and bill_tag that a usage report speaks of.
-- Only days that the report has whole are compared. A report that does not name models is compared for the provider as a
-- whole, under every tag.
{{ config(materialized='table') }}
with

whole_days as (

    select
        *,
        cast({{ dbt.date_trunc('month', 'utc_date') }} as date) as period_start_date
    from {{ ref('int_usage_reported_daily') }}
    where is_whole_day

),

usage_rows as (

    select * from {{ ref('int_usage_priced_daily') }}

),

models_billed as (

    select * from {{ ref('int_models_billed_monthly') }}

),

tags as (

    select distinct
        period_start_date,
        resolved_provider,
        bill_tag
    from {{ ref('int_bill_days_covered') }}
    where component in ('llm_api', 'embedding')

),

-- Whether every row of a provider's month says which model it is about.
granularity as (

    select
        period_start_date,
        provider,
        count(*) = count(model) as is_by_model
    from whole_days
    group by
        period_start_date,
        provider

),

reported as (

    select
        tags.period_start_date,
        tags.resolved_provider,
        tags.bill_tag,
        cast(sum(whole_days.total_tokens) as bigint) as reported_tokens
    from tags
    inner join granularity
        on tags.period_start_date = granularity.period_start_date
        and tags.resolved_provider = granularity.provider
    inner join whole_days
        on granularity.period_start_date = whole_days.period_start_date
        and granularity.provider = whole_days.provider
    left join tags as own_tags
        on whole_days.period_start_date = own_tags.period_start_date
        and whole_days.provider = own_tags.resolved_provider
        and lower(whole_days.model) = own_tags.bill_tag
    left join tags as resolved_tags
        on whole_days.period_start_date = resolved_tags.period_start_date
        and whole_days.provider = resolved_tags.resolved_provider
        and lower(whole_days.resolved_model) = resolved_tags.bill_tag
    where
        not granularity.is_by_model
        or coalesce(own_tags.bill_tag, resolved_tags.bill_tag, 'all') = tags.bill_tag
    group by
        tags.period_start_date,
        tags.resolved_provider,
        tags.bill_tag

),

reported_days as (

    select distinct
        provider,
        utc_date
    from whole_days

),

logged as (

    select
        tags.period_start_date,
        tags.resolved_provider,
        tags.bill_tag,
        cast(sum(usage_rows.driver_tokens) as bigint) as logged_tokens
    from usage_rows
    inner join reported_days
        on usage_rows.resolved_provider = reported_days.provider
        and usage_rows.utc_date = reported_days.utc_date
    inner join granularity
        on usage_rows.resolved_provider = granularity.provider
        and cast({{ dbt.date_trunc('month', 'usage_rows.utc_date') }} as date) = granularity.period_start_date
    inner join models_billed
        on granularity.period_start_date = models_billed.period_start_date
        and usage_rows.resolved_provider = models_billed.resolved_provider
        and usage_rows.model = models_billed.model
        and usage_rows.resolved_model = models_billed.resolved_model
    inner join tags
        on granularity.period_start_date = tags.period_start_date
        and granularity.provider = tags.resolved_provider
    where
        not granularity.is_by_model
        or models_billed.llm_api_tag = tags.bill_tag
    group by
        tags.period_start_date,
        tags.resolved_provider,
        tags.bill_tag

),

final as (

    select
        reported.period_start_date,
        reported.resolved_provider,
        reported.bill_tag,
        reported.reported_tokens,
        coalesce(logged.logged_tokens, 0) as logged_tokens,
        reported.reported_tokens > coalesce(logged.logged_tokens, 0) * (1 + {{ var('usage_gap_ratio') }})
            as has_usage_gap
    from reported
    left join logged
        on reported.period_start_date = logged.period_start_date
        and reported.resolved_provider = logged.resolved_provider
        and reported.bill_tag = logged.bill_tag

)

select * from final
