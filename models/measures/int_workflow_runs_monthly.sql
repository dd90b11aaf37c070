-- How many runs called each step of a workflow. Internal use is left out.
-- Grain: one row per period_start_date, workflow and step; step `all` counts the runs of the workflow, which may call several.
-- Months that did not change are not counted again.
-- depends_on: {{ ref('int_measured_months_touched') }}
{{ config(
    materialized='incremental',
    on_schema_change='fail',
    pre_hook="{{ delete_touched_days('int_measured_months_touched', 'period_start_date') }}",
    **touched_days_config('period_start_date')
) }}
with

days as (

    -- By day, so that the engine skips the parts of history that are not asked for.
    select dates.date_day
    from {{ ref('dim_dates') }} as dates
    {% if is_incremental() %}
    where cast({{ dbt.date_trunc('month', 'dates.date_day') }} as date) in (
        select months.period_start_date from {{ ref('int_measured_months_touched') }} as months
    )
    {% endif %}

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
