-- The daily fact charges of training what its inferences paid, what the windows left over, and the training bills that
-- no job explains: to the last digit.
with

charged as (

    select {{ cost_sum('fine_tuning_cost_usd') }} as fine_tuning_cost_usd
    from {{ ref('fct_usage_daily') }}

),

jobs as (

    select {{ cost_sum('job_cost_usd - open_cost_usd') }} as job_cost_usd
    from {{ ref('int_finetuning_absorbed') }}

),

bills as (

    select {{ cost_sum('unattributed_cost_usd') }} as unattributed_cost_usd
    from {{ ref('int_bills_unattributed_daily') }}
    where reason = 'no_job'

)

select
    charged.fine_tuning_cost_usd,
    jobs.job_cost_usd,
    bills.unattributed_cost_usd
from charged
cross join jobs
cross join bills
where charged.fine_tuning_cost_usd <> jobs.job_cost_usd + bills.unattributed_cost_usd
