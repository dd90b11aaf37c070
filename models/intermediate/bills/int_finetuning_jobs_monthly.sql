-- What the training jobs of a month cost, by the bills they are set against.
-- Grain: one row per period_start_date (month of completion), resolved_provider and model_tag.
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
        model_tag
    from {{ ref('int_bill_line_days') }}
    where component = 'fine_tuning'

),

billers as (

    select distinct
        period_start_date,
        resolved_provider
    from bills

),

billed as (

    select
        jobs.job_id,
        jobs.period_start_date,
        jobs.job_cost_usd,
        jobs.model_tag,
        jobs.named_model_tag,
        billers.resolved_provider is not null as is_of_anybody,
        coalesce(jobs.resolved_provider, billers.resolved_provider, 'unattributed') as resolved_provider
    from jobs
    left join billers
        on jobs.period_start_date = billers.period_start_date
        and jobs.resolved_provider is null

),

tagged as (

    select
        billed.period_start_date,
        billed.resolved_provider,
        billed.job_cost_usd,
        billed.is_of_anybody,
        bills.model_tag,
        row_number() over (
            partition by billed.job_id, billed.resolved_provider
            order by (billed.model_tag = bills.model_tag) desc nulls last, (bills.model_tag = 'all') asc nulls last
        ) as tag_rank
    from billed
    left join bills
        on billed.period_start_date = bills.period_start_date
        and billed.resolved_provider = bills.resolved_provider
        and bills.model_tag in (billed.model_tag, billed.named_model_tag, 'all')

),

final as (

    select
        period_start_date,
        resolved_provider,
        coalesce(model_tag, 'all') as model_tag,
        {{ cost_sum('job_cost_usd') }} as job_cost_usd
    from tagged
    where
        tag_rank = 1
        -- A job of nobody in particular makes no row of its own where a provider billed other models only.
        and (not is_of_anybody or model_tag is not null)
    group by
        period_start_date,
        resolved_provider,
        coalesce(model_tag, 'all')

)

select * from final
