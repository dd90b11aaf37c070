-- Fine-tuning jobs, the newest version of each.
-- Grain: one row per job_id.
with

source as (

    select * from {{ source('raw', 'finetuning_jobs') }}

),

renamed as (

    select

        ---------- ids
        job_id,

        ---------- strings
        lower(trim(provider)) as provider,
        trim(model) as model,
        upper(currency) as currency,

        ---------- quantities
        expected_inferences as expected_inference_count,
        amortisation_months,

        ---------- money, in the job's currency
        {{ money('cost') }} as job_amount,

        ---------- dates
        cast(completed_at as date) as completed_date,

        ---------- versions
        row_number() over (
            partition by job_id
            order by _load_id desc nulls last, _source_row desc nulls last
        ) as version_rank

    from source

)

select
    job_id,
    provider,
    model,
    currency,
    expected_inference_count,
    amortisation_months,
    job_amount,
    completed_date
from renamed
where version_rank = 1
