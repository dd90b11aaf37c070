-- Tokens by the providers' own count, next to ours on the same days. Coverage only: never priced, never added.
-- Grain: one row per period_start_date, resolved_provider and model_tag that a usage report speaks of.
-- Only whole days are compared. A report that does not name models is compared for the
-- provider as a whole, under every tag.
{{ config(materialized='table') }}
with

reports as (

    select * from {{ ref('int_provider_usage_resolved') }}

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
        model_tag
    from {{ ref('int_bill_days_covered') }}
    where component in ('llm_api', 'embedding')

),

-- Whether every row of a provider's month says which model it is about.
granularity as (

    select
        period_start_date,
        resolved_provider,
        count(*) = count(model) as is_by_model
    from reports
    group by
        period_start_date,
        resolved_provider

),

reported as (

    select
        tags.period_start_date,
        tags.resolved_provider,
        tags.model_tag,
        cast(sum(reports.total_tokens) as bigint) as reported_tokens
    from tags
    inner join granularity
        on tags.period_start_date = granularity.period_start_date
        and tags.resolved_provider = granularity.resolved_provider
    inner join reports
        on granularity.period_start_date = reports.period_start_date
        and granularity.resolved_provider = reports.resolved_provider
    where
        not granularity.is_by_model
        or reports.model_tag = tags.model_tag
    group by
        tags.period_start_date,
        tags.resolved_provider,
        tags.model_tag

),

reported_days as (

    select distinct
        resolved_provider,
        utc_date
    from reports

),

logged as (

    select
        tags.period_start_date,
        tags.resolved_provider,
        tags.model_tag,
        cast(sum(usage_rows.driver_tokens) as bigint) as logged_tokens
    from usage_rows
    inner join reported_days
        on usage_rows.resolved_provider = reported_days.resolved_provider
        and usage_rows.utc_date = reported_days.utc_date
    inner join granularity
        on usage_rows.resolved_provider = granularity.resolved_provider
        and cast({{ dbt.date_trunc('month', 'usage_rows.utc_date') }} as date) = granularity.period_start_date
    inner join models_billed
        on granularity.period_start_date = models_billed.period_start_date
        and usage_rows.resolved_provider = models_billed.resolved_provider
        and usage_rows.model = models_billed.model
        and usage_rows.resolved_model = models_billed.resolved_model
    inner join tags
        on granularity.period_start_date = tags.period_start_date
        and granularity.resolved_provider = tags.resolved_provider
    where
        not granularity.is_by_model
        or case
            when {{ is_llm_call('usage_rows.call_type') }} then models_billed.llm_api_tag
            else models_billed.embedding_tag
        end = tags.model_tag
    group by
        tags.period_start_date,
        tags.resolved_provider,
        tags.model_tag

),

final as (

    select
        reported.period_start_date,
        reported.resolved_provider,
        reported.model_tag,
        reported.reported_tokens,
        coalesce(logged.logged_tokens, 0) as logged_tokens,
        reported.reported_tokens > coalesce(logged.logged_tokens, 0) * (1 + {{ var('usage_gap_ratio') }})
            as has_usage_gap
    from reported
    left join logged
        on reported.period_start_date = logged.period_start_date
        and reported.resolved_provider = logged.resolved_provider
        and reported.model_tag = logged.model_tag

)

select * from final
