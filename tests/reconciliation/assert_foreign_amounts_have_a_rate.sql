-- An amount in a foreign currency needs a rate at most 7 days old (decisions.md, Exchange rates): without one it would be in no
-- number. Land a newer file of fx_rates.
select
    line_id as source_key,
    currency,
    to_date as needed_until_date
from {{ ref('int_bill_lines_monthly') }}
where billed_usd is null

union all

select
    jobs.job_id as source_key,
    staged.currency,
    jobs.from_date as needed_until_date
from {{ ref('int_finetuning_jobs_priced') }} as jobs
inner join {{ ref('stg_canonical__finetuning_jobs') }} as staged
    on jobs.job_id = staged.job_id
where jobs.job_cost_usd is null
