-- Calls, deliveries, runs and cost of each workflow and step, counted again on calls and on the daily fact.
with

usage_monthly as (

    select
        cast({{ dbt.date_trunc('month', 'usage_daily.usage_date') }} as date) as period_start_date,
        usage_daily.workflow,
        usage_daily.step,
        {{ token_sum('usage_daily.call_count') }} as call_count,
        {{ token_sum('usage_daily.unpriced_call_count') }} as unpriced_call_count,
        {{ token_sum('usage_daily.successful_inference_count') }} as successful_inference_count,
        {{ cost_sum('usage_daily.ai_cost_usd') }} as ai_cost_usd,
        {{ cost_sum('usage_daily.ai_cost_usd', "usage_daily.customer_id = 'unattributed'") }} as unattributed_cost_usd
    from {{ ref('fct_usage_daily') }} as usage_daily
    inner join {{ ref('dim_customers') }} as customers
        on usage_daily.customer_id = customers.customer_id
    where
        not customers.is_internal
        and {{ in_days_to_test('usage_daily.usage_date', 'month') }}
    group by
        cast({{ dbt.date_trunc('month', 'usage_daily.usage_date') }} as date),
        usage_daily.workflow,
        usage_daily.step

),

runs as (

    select distinct
        cast({{ dbt.date_trunc('month', 'calls.usage_date') }} as date) as period_start_date,
        calls.workflow,
        calls.step,
        calls.workflow_run_id
    from {{ ref('fct_inference_calls') }} as calls
    inner join {{ ref('dim_customers') }} as customers
        on calls.customer_id = customers.customer_id
    where
        not customers.is_internal
        and calls.workflow_run_id is not null
        and {{ in_days_to_test('calls.usage_date', 'month') }}

),

step_runs as (

    select
        period_start_date,
        workflow,
        step,
        count(*) as step_run_count
    from runs
    group by
        period_start_date,
        workflow,
        step

),

workflow_runs as (

    select
        period_start_date,
        workflow,
        count(distinct workflow_run_id) as run_count
    from runs
    group by
        period_start_date,
        workflow

),

actual as (

    select * from {{ ref('workflow_costs_monthly') }}
    where {{ in_periods_to_test('period_start_date', 'month') }}

)

select
    coalesce(usage_monthly.period_start_date, actual.period_start_date) as period_start_date,
    coalesce(usage_monthly.workflow, actual.workflow) as workflow,
    coalesce(usage_monthly.step, actual.step) as step
from usage_monthly
full outer join actual
    on usage_monthly.period_start_date = actual.period_start_date
    and usage_monthly.workflow = actual.workflow
    and usage_monthly.step = actual.step
left join step_runs
    on actual.period_start_date = step_runs.period_start_date
    and actual.workflow = step_runs.workflow
    and actual.step = step_runs.step
left join workflow_runs
    on actual.period_start_date = workflow_runs.period_start_date
    and actual.workflow = workflow_runs.workflow
where
    coalesce(usage_monthly.period_start_date, actual.period_start_date)
    <= (select max(as_of.as_of_date) from {{ ref('int_as_of_date') }} as as_of)
    and (
        -- A month of outcomes alone has a row without calls.
        coalesce(usage_monthly.call_count, 0) is distinct from actual.call_count
        or coalesce(usage_monthly.successful_inference_count, 0) is distinct from actual.successful_inference_count
        or coalesce(usage_monthly.ai_cost_usd, 0) is distinct from actual.ai_cost_usd
        or coalesce(step_runs.step_run_count, 0) is distinct from actual.step_run_count
        or coalesce(workflow_runs.run_count, 0) is distinct from actual.run_count
        or actual.unpriced_ratio
        is distinct from {{ ratio('usage_monthly.unpriced_call_count', 'usage_monthly.call_count') }}
        or actual.unattributed_ratio
        is distinct from {{ ratio('usage_monthly.unattributed_cost_usd', 'usage_monthly.ai_cost_usd') }}
    )
