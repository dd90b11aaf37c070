-- What the effective cost of a day depends on beside its own calls, as fingerprints.
-- Grain: one row per reference_kind, reference_key and utc_date.
-- A day is built again where a fingerprint differs from the one it was last built with (int_usage_days_touched).
{{ config(materialized='table') }}
with

bill_days as (

    select * from {{ ref('int_bill_days_covered') }}

),

true_ups as (

    select * from {{ ref('int_true_ups_daily') }}

),

lines as (

    select * from {{ ref('int_bill_lines_driven') }}

),

charged as (

    select * from {{ ref('int_finetuning_charged_to_calls') }}

),

jobs as (

    select * from {{ ref('int_finetuning_jobs_priced') }}

),

unattributed as (

    select * from {{ ref('int_bills_unattributed_daily') }}

),

line_days as (

    select
        line_id,
        utc_date
    from {{ ref('int_bill_line_days') }}

),

charged_days as (

    -- By both days: a late call may move the last charge to another local day of the same UTC day.
    select
        job_id,
        utc_date,
        usage_date,
        min(inference_rank) as first_rank,
        count(*) as charged_count
    from charged
    group by
        job_id,
        utc_date,
        usage_date

),

final as (

    -- A new or vanished tag moves calls between bills in the whole month.
    select
        'model_tag' as reference_kind,
        resolved_provider || '|' || component || '|' || model_tag as reference_key,
        utc_date,
        '' as fingerprint
    from bill_days
    where component in ('llm_api', 'embedding')

    union all

    select
        'true_up' as reference_kind,
        resolved_provider || '|' || true_up_group || '|' || model_tag as reference_key,
        utc_date,
        factor_status || '|' || cast(billed_cost_usd as string) || '|' || cast(computed_cost_usd as string)
            as fingerprint
    from true_ups

    union all

    select
        'bill_line' as reference_kind,
        lines.line_id as reference_key,
        line_days.utc_date,
        {{ row_hash('lines') }} as fingerprint
    from lines
    inner join line_days
        on lines.line_id = line_days.line_id
    where lines.component <> 'other_cogs'

    union all

    select
        'fine_tuning' as reference_kind,
        jobs.job_id || '|' || cast(charged_days.usage_date as string) as reference_key,
        charged_days.utc_date,
        {{ row_hash('jobs') }} || '|' || cast(charged_days.first_rank as string)
        || '|' || cast(charged_days.charged_count as string) as fingerprint
    from charged_days
    inner join jobs
        on charged_days.job_id = jobs.job_id

    union all

    select
        'unattributed' as reference_kind,
        unattributed.reason || '|' || unattributed.source_key || '|' || unattributed.component as reference_key,
        unattributed.usage_date as utc_date,
        {{ row_hash('unattributed') }} as fingerprint
    from unattributed
    where unattributed.component <> 'other_cogs'

)

select * from final
