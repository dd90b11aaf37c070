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

resolutions as (

    select * from {{ ref('stg_price_book__model_resolutions') }}

),

converted as (

    select
        jobs.job_id,
        jobs.provider,
        coalesce(resolutions.resolved_provider, jobs.provider) as resolved_provider,
        jobs.model,
        lower(jobs.model) as model_tag,
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
    left join resolutions
        on jobs.provider = resolutions.provider
        and resolutions.model = ''

),

final as (

    select
        job_id,
        provider,
        resolved_provider,
        model,
        model_tag,
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
