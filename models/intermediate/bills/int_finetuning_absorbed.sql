-- How much of each fine-tuning job its inferences have paid, and what is left when its time is over.
-- Grain: one row per job_id. absorbed + unabsorbed + open = the job's cost, to the last digit.
{{ config(materialized='view') }}
with

jobs as (

    select * from {{ ref('int_finetuning_jobs_priced') }}

),

charged as (

    select
        job_id,
        count(*) as charged_inference_count,
        {{ cost_sum('fine_tuning_cost_usd') }} as absorbed_cost_usd
    from {{ ref('int_finetuning_charged_to_calls') }}
    group by job_id

),

as_of as (

    select * from {{ ref('int_as_of_date') }}

),

joined as (

    select
        jobs.*,
        coalesce(charged.charged_inference_count, 0) as charged_inference_count,
        {{ money('coalesce(charged.absorbed_cost_usd, 0)') }} as absorbed_cost_usd,
        {{ money('jobs.job_cost_usd - coalesce(charged.absorbed_cost_usd, 0)') }} as left_cost_usd,
        coalesce(jobs.last_date <= as_of.as_of_date, false) as is_over
    from jobs
    left join charged
        on jobs.job_id = charged.job_id
    cross join as_of

),

final as (

    select
        job_id,
        provider,
        resolved_provider,
        model,
        model_tag,
        from_date,
        last_date,
        expected_inference_count,
        charged_inference_count,
        job_cost_usd,
        rate_usd,
        absorbed_cost_usd,
        {{ money('case when is_over then left_cost_usd else 0 end') }} as unabsorbed_cost_usd,
        {{ money('case when is_over then 0 else left_cost_usd end') }} as open_cost_usd
    from joined

)

select * from final
