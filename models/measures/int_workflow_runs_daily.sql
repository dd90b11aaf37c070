-- The call that speaks for each workflow run on a day: the first that names its workflow, else the first. Internal use is in
-- here.
-- Grain: one row per usage_date and workflow_run_id.
{{ config(**touched_days_config('int_measured_days_touched')) }}
with

calls as (

    select * from {{ ref('fct_inference_calls') }}
    {{ where_touched('int_measured_days_touched') }}

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
