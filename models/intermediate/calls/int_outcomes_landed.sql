-- The seam for outcomes: how runs of workflows ended for the user, from every source.
-- Grain: one row per workflow_run_id.
-- A score of Langfuse is about its trace: the run that the trace's calls name, else the trace itself. Our own wins.
with

outcomes as (

    select * from {{ ref('stg_canonical__workflow_outcomes') }}

),

scores as (

    select * from {{ ref('stg_langfuse__scores') }}
    where skip_reason is null and outcome is not null

),

runs as (

    select
        context_id as trace_id,
        min(workflow_run_id) as workflow_run_id
    from {{ ref('int_native_calls_named') }}
    where source_name = 'langfuse_observations'
    group by context_id

),

scored as (

    select
        coalesce(runs.workflow_run_id, scores.trace_id) as workflow_run_id,
        scores.outcome,
        scores.scored_date,
        row_number() over (
            partition by coalesce(runs.workflow_run_id, scores.trace_id)
            order by
                scores.scored_at desc nulls last, scores._load_id desc nulls last, scores._source_row desc nulls last,
                scores.score_id asc nulls last
        ) as score_rank
    from scores
    left join runs
        on scores.trace_id = runs.trace_id

),

final as (

    select
        workflow_run_id,
        customer_id,
        workflow,
        outcome,
        resolved_date
    from outcomes

    union all

    select
        scored.workflow_run_id,
        cast(null as string) as customer_id,
        cast(null as string) as workflow,
        scored.outcome,
        scored.scored_date as resolved_date
    from scored
    where
        scored.score_rank = 1
        and not exists (
            select 1 from outcomes
            where outcomes.workflow_run_id = scored.workflow_run_id
        )

)

select * from final
