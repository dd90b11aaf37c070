-- The call that speaks for each workflow run on a day: the first that names its workflow, else the first. Internal use is in
-- here.
-- Grain: one row per usage_date and workflow_run_id.
-- depends_on: {{ ref('int_measured_days_touched') }}
{{ config(
    materialized='incremental',
    on_schema_change='fail',
    pre_hook="{{ delete_touched_days('int_measured_days_touched') }}",
    **touched_days_config()
) }}
with

calls as (

    select * from {{ ref('fct_inference_calls') }}
    {% if is_incremental() %}
    where usage_date in (select days.usage_date from {{ ref('int_measured_days_touched') }} as days)
    {% endif %}

),

ranked as (

    select
        usage_date,
        workflow_run_id,
        workflow,
        customer_id,
        requested_at,
        call_id,
        row_number() over (
            partition by usage_date, workflow_run_id
            order by
                (workflow = 'unattributed') asc nulls last, requested_at asc nulls last, call_id asc nulls last
        ) as call_rank
    from calls
    where workflow_run_id is not null

),

final as (

    select
        usage_date,
        workflow_run_id,
        workflow,
        customer_id,
        requested_at,
        call_id
    from ranked
    where call_rank = 1

)

select * from final
