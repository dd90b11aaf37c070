-- Which bills a model's calls of a month belong to: those tagged with it, by its logged name first, then by its
-- resolved one, else the untagged ones.
-- Grain: one row per period_start_date, resolved_provider, model and resolved_model of the calls.
-- Without a bill line for embeddings in the month, the provider's llm_api lines cover embeddings too.
{{ config(materialized='table') }}
with

usage_rows as (

    select * from {{ ref('int_usage_priced_daily') }}

),

tags as (

    select distinct
        period_start_date,
        resolved_provider,
        component as true_up_group,
        bill_tag
    from {{ ref('int_bill_days_covered') }}
    where component in ('llm_api', 'embedding')

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

final as (

    select
        grouped.period_start_date,
        grouped.resolved_provider,
        grouped.model,
        grouped.resolved_model,
        coalesce(llm_by_model.bill_tag, llm_by_resolved_model.bill_tag, 'all') as llm_api_tag,
        grouped.embedding_group,
        coalesce(embedding_by_model.bill_tag, embedding_by_resolved_model.bill_tag, 'all') as embedding_tag
    from grouped
    {%- for relation, group, name in [
        ('llm_by_model', "'llm_api'", 'model'),
        ('llm_by_resolved_model', "'llm_api'", 'resolved_model'),
        ('embedding_by_model', 'grouped.embedding_group', 'model'),
        ('embedding_by_resolved_model', 'grouped.embedding_group', 'resolved_model'),
    ] %}
    left join tags as {{ relation }}
        on grouped.period_start_date = {{ relation }}.period_start_date
        and grouped.resolved_provider = {{ relation }}.resolved_provider
        and {{ relation }}.true_up_group = {{ group }}
        and lower(grouped.{{ name }}) = {{ relation }}.bill_tag
    {%- endfor %}

)

select * from final
