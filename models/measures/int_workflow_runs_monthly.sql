-- How many runs called each step of a workflow. Internal use is left out.
-- Grain: one row per period_start_date, workflow and step; step `all` counts the runs of the workflow, which may call several.
-- Months that did not change are not counted again.
{{ config(**touched_days_config('int_measured_months_touched', 'period_start_date')) }}
with

days as (

    {{ days_of_touched_months() }}

),

calls as (

    select
        cast({{ dbt.date_trunc('month', 'calls.usage_date') }} as date) as period_start_date,
        calls.workflow,
        calls.step,
        calls.workflow_run_id
    from {{ ref('fct_inference_calls') }} as calls
    inner join days
        on calls.usage_date = days.date_day
    inner join {{ ref('dim_customers') }} as customers
        on calls.customer_id = customers.customer_id
    where
        not customers.is_internal
        and calls.workflow_run_id is not null

),

final as (

    select
        period_start_date,
        workflow,
        step,
        count(distinct workflow_run_id) as run_count
    from calls
    group by
        period_start_date,
        workflow,
        step

    union all

    select
        period_start_date,
        workflow,
        'all' as step,
        count(distinct workflow_run_id) as run_count
    from calls
    group by
        period_start_date,
        workflow

)

select * from final
