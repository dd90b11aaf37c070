-- Bill lines that no call carries, evenly over their days, with the tags of the line.
-- Grain: one row per line_id and usage_date.
-- Reasons: `no_driver` (a shared line without anything to share it by; whole to its customer where it is tagged with
-- one) and `no_job` (a fine-tuning bill without a job).
with

line_days as (

    select * from {{ ref('int_bill_line_days') }}

),

driven as (

    select * from {{ ref('int_bill_lines_driven') }}
    where driver = 'none'

),

jobs as (

    select distinct
        period_start_date,
        resolved_provider
    from {{ ref('int_finetuning_jobs_priced') }}

),

reasoned as (

    select
        line_days.*,
        case when driven.line_id is not null then 'no_driver' else 'no_job' end as reason
    from line_days
    left join driven
        on line_days.line_id = driven.line_id
    left join jobs
        on line_days.period_start_date = jobs.period_start_date
        and line_days.resolved_provider = jobs.resolved_provider
    -- A job of no provider in particular is set against every bill of its month.
    left join jobs as jobs_of_anybody
        on line_days.period_start_date = jobs_of_anybody.period_start_date
        and jobs_of_anybody.resolved_provider is null
    where
        driven.line_id is not null
        or (
            line_days.component = 'fine_tuning'
            and jobs.period_start_date is null
            and jobs_of_anybody.period_start_date is null
        )

),

final as (

    select
        reason,
        line_id,
        period_start_date,
        utc_date as usage_date,
        component,
        -- The bill of a training is never a customer's, whatever its tag says: the model may serve anybody.
        case when reason = 'no_driver' then customer_id end as customer_id,
        feature,
        provider,
        resolved_provider,
        model_tag,
        model,
        resolved_model,
        service_tier,
        {{ shared_part('recognised_usd', '1', 'day_count') }} as unattributed_cost_usd
    from reasoned

)

select * from final
