-- The providers' own count of tokens on whole days, with the bills that it is compared under.
-- Grain: one row per provider, utc_date and model (null where the report does not name models).
-- A model is found among the tags of the month's bills as calls are: by its name, by the name it resolves to, by
-- another name of that model; else it belongs to the untagged lines (`all`).
{{ config(materialized='table') }}
with

reports as (

    select * from {{ ref('int_usage_reported_daily') }}
    where is_whole_day

),

names as (

    select * from {{ ref('int_names_resolved') }}

),

tags as (

    select distinct
        period_start_date,
        resolved_provider,
        model_tag,
        resolved_model_tag
    from {{ ref('int_bill_line_days') }}
    where component in ('llm_api', 'embedding')

),

resolved as (

    select
        reports.provider,
        cast({{ dbt.date_trunc('month', 'reports.utc_date') }} as date) as period_start_date,
        reports.utc_date,
        reports.total_tokens,
        reports.model,
        coalesce(names.resolved_provider, reports.provider) as resolved_provider,
        coalesce(names.resolved_model, reports.model) as resolved_model
    from reports
    left join names
        on reports.provider = names.provider
        and coalesce(reports.model, '') = names.model
        and reports.utc_date >= names.valid_from_date
        and reports.utc_date < names.valid_to_date

),

ranked as (

    select
        resolved.*,
        tags.model_tag,
        row_number() over (
            partition by resolved.provider, resolved.utc_date, resolved.model
            order by
                (tags.model_tag = {{ model_tag('resolved.model') }}) desc nulls last,
                (tags.model_tag = {{ model_tag('resolved.resolved_model') }}) desc nulls last,
                tags.model_tag asc nulls last
        ) as tag_rank
    from resolved
    left join tags
        on resolved.period_start_date = tags.period_start_date
        and resolved.resolved_provider = tags.resolved_provider
        and tags.model_tag <> 'all'
        and (
            tags.model_tag in ({{ model_tag('resolved.model') }}, {{ model_tag('resolved.resolved_model') }})
            or tags.resolved_model_tag = {{ model_tag('resolved.resolved_model') }}
        )

),

final as (

    select
        period_start_date,
        utc_date,
        resolved_provider,
        model,
        resolved_model,
        coalesce(model_tag, 'all') as model_tag,
        total_tokens
    from ranked
    where tag_rank = 1

)

select * from final
