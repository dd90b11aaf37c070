-- Billed money that no call carries, evenly over its days, so that nothing billed is lost.
-- Grain: one row per reason, source_key (line, true-up key or job), component and usage_date.
-- Reasons: `no_driver` (a shared line without anything to share it by; whole to its customer where it is tagged with
-- one), `beyond_usage` (billed beyond what our logs can explain), `no_job` (a fine-tuning bill without a job) and
-- `unabsorbed` (what the window of a fine-tuning job left over).
{{ config(materialized='table') }}
with

lines as (

    select * from {{ ref('int_bill_lines_monthly') }}
    where is_cost

),

driven as (

    select * from {{ ref('int_bill_lines_driven') }}
    where driver = 'none'

),

true_ups as (

    select * from {{ ref('int_true_ups_monthly') }}
    where unattributed_cost_usd <> 0

),

bill_days as (

    select * from {{ ref('int_bill_days_covered') }}
    where is_covered

),

jobs as (

    select * from {{ ref('int_finetuning_jobs_priced') }}

),

absorbed as (

    select * from {{ ref('int_finetuning_absorbed') }}
    where unabsorbed_cost_usd <> 0

),

digits as (

    select digit from (values (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)) as names (digit)

),

day_numbers as (

    select ones.digit + 10 * tens.digit as day_number
    from digits as ones
    cross join digits as tens

),

lines_without_job as (

    select lines.*
    from lines
    left join jobs
        on lines.period_start_date = jobs.period_start_date
        and (jobs.provider is null or lines.resolved_provider = jobs.resolved_provider)
    where
        lines.component = 'fine_tuning'
        and jobs.job_id is null

),

whole_lines as (

    select
        'no_driver' as reason,
        line_id,
        period_start_date,
        component,
        model_tag,
        from_date,
        day_count,
        customer_id,
        feature,
        provider,
        resolved_provider,
        model,
        resolved_model,
        service_tier,
        billed_usd
    from driven

    union all

    select
        'no_job' as reason,
        line_id,
        period_start_date,
        component,
        model_tag,
        from_date,
        day_count,
        -- Never a customer's, whatever its tag says: the model may serve anybody.
        cast(null as string) as customer_id,
        feature,
        provider,
        resolved_provider,
        model,
        resolved_model,
        service_tier,
        billed_usd
    from lines_without_job

),

line_days as (

    select
        whole_lines.reason,
        whole_lines.line_id as source_key,
        whole_lines.period_start_date,
        coalesce(whole_lines.model_tag, 'all') as bill_tag,
        whole_lines.component,
        cast({{ dbt.dateadd('day', 'day_numbers.day_number', 'whole_lines.from_date') }} as date) as usage_date,
        whole_lines.customer_id,
        whole_lines.feature,
        whole_lines.provider,
        whole_lines.resolved_provider,
        whole_lines.model,
        whole_lines.resolved_model,
        whole_lines.service_tier,
        {{ shared_part('whole_lines.billed_usd', '1', 'whole_lines.day_count') }} as unattributed_cost_usd
    from whole_lines
    inner join day_numbers
        on whole_lines.day_count > day_numbers.day_number

),

true_up_days as (

    select
        'beyond_usage' as reason,
        true_ups.resolved_provider || '|' || true_ups.bill_tag || '|' || cast(true_ups.period_start_date as string)
            as source_key,
        true_ups.period_start_date,
        true_ups.bill_tag,
        true_ups.true_up_group as component,
        bill_days.utc_date as usage_date,
        cast(null as string) as customer_id,
        cast(null as string) as feature,
        true_ups.provider,
        true_ups.resolved_provider,
        true_ups.model,
        true_ups.resolved_model,
        cast(null as string) as service_tier,
        {{ shared_part('true_ups.unattributed_cost_usd', '1', 'true_ups.covered_days') }} as unattributed_cost_usd
    from true_ups
    inner join bill_days
        on true_ups.period_start_date = bill_days.period_start_date
        and true_ups.resolved_provider = bill_days.resolved_provider
        and true_ups.true_up_group = bill_days.component
        and true_ups.bill_tag = bill_days.bill_tag

),

job_days as (

    select
        'unabsorbed' as reason,
        job_id as source_key,
        cast({{ dbt.date_trunc('month', 'last_date') }} as date) as period_start_date,
        lower(model) as bill_tag,
        'fine_tuning' as component,
        last_date as usage_date,
        cast(null as string) as customer_id,
        cast(null as string) as feature,
        provider,
        resolved_provider,
        model,
        model as resolved_model,
        cast(null as string) as service_tier,
        unabsorbed_cost_usd as unattributed_cost_usd
    from absorbed

),

all_days as (

    select * from line_days
    union all
    select * from true_up_days
    union all
    select * from job_days

),

final as (

    select
        reason,
        source_key,
        period_start_date,
        bill_tag,
        component,
        usage_date,
        {{ dimension_word('customer_id') }} as customer_id,
        'unattributed' as product_id,
        'unattributed' as team,
        {{ dimension_word('feature') }} as feature,
        'unattributed' as use_case,
        'unattributed' as workflow,
        'unattributed' as step,
        'unattributed' as call_type,
        {{ dimension_word('provider') }} as provider,
        {{ dimension_word('model') }} as model,
        {{ dimension_word('resolved_provider') }} as resolved_provider,
        {{ dimension_word('resolved_model') }} as resolved_model,
        'unattributed' as model_tier,
        {{ dimension_word('service_tier') }} as service_tier,
        'unattributed' as context_tier,
        unattributed_cost_usd
    from all_days

)

select * from final
