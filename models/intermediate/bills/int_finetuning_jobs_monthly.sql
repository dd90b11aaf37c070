-- What the training jobs of a month cost, by the bills they are set against.
-- Grain: one row per period_start_date (month of completion), resolved_provider and bill_tag.
-- A job belongs to the bill that names its model, else to the untagged one; a job without a provider to every
-- provider that billed training in its month.

with

jobs as (

    select * from {{ ref('int_finetuning_jobs_priced') }}

),

bills as (

    select distinct
        period_start_date,
        resolved_provider,
        coalesce(model_tag, 'all') as bill_tag
    from {{ ref('int_bill_lines_monthly') }}
    where
        component = 'fine_tuning'
        and is_cost

),

billers as (

    select distinct
        period_start_date,
        resolved_provider
    from bills

),

final as (

    select
        jobs.period_start_date,
        coalesce(jobs.resolved_provider, billers.resolved_provider, 'unattributed') as resolved_provider,
        coalesce(bills.bill_tag, 'all') as bill_tag,
        {{ cost_sum('jobs.job_cost_usd') }} as job_cost_usd
    from jobs
    left join billers
        on jobs.period_start_date = billers.period_start_date
        and jobs.resolved_provider is null
    left join bills
        on jobs.period_start_date = bills.period_start_date
        and coalesce(jobs.resolved_provider, billers.resolved_provider) = bills.resolved_provider
        and jobs.model_tag = bills.bill_tag
    left join bills as untagged_bills
        on jobs.period_start_date = untagged_bills.period_start_date
        and billers.resolved_provider = untagged_bills.resolved_provider
        and untagged_bills.bill_tag = 'all'
    -- A job of nobody in particular makes no row of its own where a provider billed other models only.
    where
        billers.resolved_provider is null
        or bills.bill_tag is not null
        or untagged_bills.bill_tag is not null
    group by
        jobs.period_start_date,
        coalesce(jobs.resolved_provider, billers.resolved_provider, 'unattributed'),
        coalesce(bills.bill_tag, 'all')

)

select * from final
