-- Which bills a model's calls of a month belong to: those tagged with its logged name, else with its resolved one, else
-- with another name of that model; the other calls belong to the untagged lines.
-- Grain: one row per period_start_date, resolved_provider, model and resolved_model of the calls.
-- Without a bill line for embeddings in the month, the provider's llm_api lines cover embeddings too.
{{ config(materialized='table') }}
with

usage_rows as (

    select * from {{ ref('int_usage_priced_daily') }}

),

line_days as (

    select * from {{ ref('int_bill_line_days') }}
    where component in ('llm_api', 'embedding')

),

tags as (

    select distinct
        period_start_date,
        resolved_provider,
        component as true_up_group,
        model_tag,
        resolved_model_tag
    from line_days

),

embedding_bills as (

    select distinct
        period_start_date,
        resolved_provider
    from tags
    where true_up_group = 'embedding'

),

models as (

    select distinct
        cast({{ dbt.date_trunc('month', 'utc_date') }} as date) as period_start_date,
        resolved_provider,
        model,
        resolved_model
    from usage_rows

),

grouped as (

    select
        models.*,
        case when embedding_bills.resolved_provider is null then 'llm_api' else 'embedding' end as embedding_group
    from models
    left join embedding_bills
        on models.period_start_date = embedding_bills.period_start_date
        and models.resolved_provider = embedding_bills.resolved_provider

),

ranked as (

    select
        grouped.*,
        tags.true_up_group,
        tags.model_tag,
        row_number() over (
            partition by
                grouped.period_start_date, grouped.resolved_provider, grouped.model, grouped.resolved_model,
                tags.true_up_group
            order by
                (tags.model_tag = {{ model_tag('grouped.model') }}) desc nulls last,
                (tags.model_tag = {{ model_tag('grouped.resolved_model') }}) desc nulls last,
                tags.model_tag asc nulls last
        ) as tag_rank
    from grouped
    left join tags
        on grouped.period_start_date = tags.period_start_date
        and grouped.resolved_provider = tags.resolved_provider
        and tags.model_tag <> 'all'
        and (
            tags.model_tag in ({{ model_tag('grouped.model') }}, {{ model_tag('grouped.resolved_model') }})
            or tags.resolved_model_tag = {{ model_tag('grouped.resolved_model') }}
        )

),

final as (

    select
        period_start_date,
        resolved_provider,
        model,
        resolved_model,
        coalesce(max(model_tag) filter (where true_up_group = 'llm_api'), 'all') as llm_api_tag,
        embedding_group,
        coalesce(max(model_tag) filter (where true_up_group = embedding_group), 'all') as embedding_tag
    from ranked
    where tag_rank = 1
    group by
        period_start_date,
        resolved_provider,
        model,
        resolved_model,
        embedding_group

)

select * from final
