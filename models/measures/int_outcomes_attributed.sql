-- Outcomes of workflow runs, with the workflow that the calls of the run say, and whether the run was internal.
-- Grain: one row per workflow_run_id.
-- A run whose calls name several workflows belongs to the first by time; one without calls to what the outcome says.
{{ config(materialized='table') }}
with

outcomes as (

    select * from {{ ref('int_outcomes_landed') }}

),

runs as (

    select * from {{ ref('int_workflow_runs_daily') }}

),

resolved as (

    select * from {{ ref('int_customers_resolved') }}

),

customers as (

    select * from {{ ref('dim_customers') }}

),

ranked as (

    select
        runs.workflow_run_id,
        runs.workflow,
        runs.customer_id,
        row_number() over (
            partition by runs.workflow_run_id
            order by
                (runs.workflow = 'unattributed') asc nulls last, runs.requested_at asc nulls last,
                runs.call_id asc nulls last
        ) as call_rank
    from runs
    where runs.workflow_run_id in (select outcomes.workflow_run_id from outcomes)

),

called as (

    select * from ranked
    where call_rank = 1

),

final as (

    select
        outcomes.workflow_run_id,
        case
            when called.workflow <> 'unattributed' then called.workflow
            else {{ dimension_word('outcomes.workflow') }}
        end as workflow,
        outcomes.outcome,
        outcomes.resolved_date,
        coalesce(customers.is_internal, false) as is_internal
    from outcomes
    left join called
        on outcomes.workflow_run_id = called.workflow_run_id
    left join resolved
        on outcomes.customer_id = resolved.customer_id
    left join customers
        on
            coalesce(
                called.customer_id,
                {{ source_word('coalesce(resolved.resolved_customer_id, outcomes.customer_id)') }}
            ) = customers.customer_id

)

select * from final
