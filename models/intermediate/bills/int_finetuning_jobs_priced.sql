-- Fine-tuning jobs in USD, with the days on which their cost is charged and the rate per inference.
-- Grain: one row per job_id.
-- decisions.md, Fine-tuning.
{{ config(materialized='table') }}
with

jobs as (

    select * from {{ ref('stg_canonical__finetuning_jobs') }}

),

rates as (

    select * from {{ ref('int_fx_rates_daily') }}

),

names as (

    select * from {{ ref('int_names_resolved') }}

),

converted as (

    select
        jobs.job_id,
        {{ source_word('jobs.provider') }} as provider,
        -- A job of nobody in particular stays so, whoever sells its base.
        case
            when jobs.provider is not null then {{ source_word('coalesce(names.resolved_provider, jobs.provider)') }}
        end as resolved_provider,
        jobs.model,
        {{ model_tag('jobs.model') }} as model_tag,
        {{ model_tag('coalesce(names.named_model, jobs.model)') }} as named_model_tag,
        -- An alias to a base model lends a price: the other calls of the base are none of the job's.
        {{ model_tag("case when lower(names.named_model) like 'ft:%' then names.named_model else jobs.model end") }}
            as trained_model_tag,
        jobs.completed_date as from_date,
        cast({{ dbt.dateadd('month', 'jobs.amortisation_months', 'jobs.completed_date') }} as date) as to_date,
        jobs.expected_inference_count,
        case
            when jobs.currency = 'USD' then jobs.job_amount
            else {{ converted('jobs.job_amount', 'rates.usd_per_unit') }}
        end as job_cost_usd
    from jobs
    left join rates
        on jobs.currency = rates.currency
        and jobs.completed_date = rates.rate_date
    left join names
        on coalesce(jobs.provider, '') = names.provider
        and jobs.model = names.model
        and jobs.completed_date >= names.valid_from_date
        and jobs.completed_date < names.valid_to_date

),

final as (

    select
        job_id,
        provider,
        resolved_provider,
        model,
        model_tag,
        named_model_tag,
        trained_model_tag,
        cast({{ dbt.date_trunc('month', 'from_date') }} as date) as period_start_date,
        from_date,
        to_date,
        cast({{ dbt.dateadd('day', -1, 'to_date') }} as date) as last_date,
        expected_inference_count,
        job_cost_usd,
        {{ shared_part('job_cost_usd', '1', 'expected_inference_count') }} as rate_usd
    from converted

)

select * from final
