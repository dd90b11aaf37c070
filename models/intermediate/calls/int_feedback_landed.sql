-- The seam for feedback: what users said or did about an answer, from every source.
-- Grain: one row per feedback_id.
-- A score of Langfuse is about the request of its observation; its customer is that of the trace. Feedback that was
-- landed in our own format under the same id is the same feedback.
with

feedback as (

    select * from {{ ref('stg_canonical__feedback') }}

),

scores as (

    select * from {{ ref('stg_langfuse__scores') }}
    where skip_reason is null and kind is not null

),

calls as (

    select * from {{ ref('int_native_calls_named') }}
    where source_name = 'langfuse_observations'

),

traces as (

    select
        context_id as trace_id,
        min(logged_customer_id) as customer_id
    from calls
    group by context_id

),

final as (

    select
        feedback_id,
        request_id,
        customer_id,
        kind,
        rating,
        created_date
    from feedback

    union all

    select
        scores.score_id as feedback_id,
        calls.request_id,
        coalesce(calls.logged_customer_id, traces.customer_id) as customer_id,
        scores.kind,
        scores.score as rating,
        scores.scored_date as created_date
    from scores
    left join calls
        on scores.observation_id = calls.base_call_id
    left join traces
        on scores.trace_id = traces.trace_id
    left join feedback
        on scores.score_id = feedback.feedback_id
    where feedback.feedback_id is null

)

select * from final
