-- Users' signals, and whether they are of internal use: by the request they are about where its calls are known, else by
-- the customer.
-- Grain: one row per feedback_id.
-- A table, so that the calls are looked through once.
{{ config(materialized='table') }}
with

feedback as (

    select * from {{ ref('int_feedback_landed') }}

),

calls as (

    select * from {{ ref('fct_inference_calls') }}

),

resolved as (

    select * from {{ ref('int_customers_resolved') }}

),

customers as (

    select * from {{ ref('dim_customers') }}

),

requests as (

    select
        calls.request_id,
        max(case when customers.is_internal then 1 else 0 end) = 1 as is_internal
    from calls
    inner join customers
        on calls.customer_id = customers.customer_id
    where calls.request_id in (select feedback.request_id from feedback)
    group by calls.request_id

),

final as (

    select
        feedback.feedback_id,
        feedback.request_id,
        feedback.kind,
        feedback.rating,
        feedback.created_date,
        coalesce(requests.is_internal, customers.is_internal, false) as is_internal
    from feedback
    left join requests
        on feedback.request_id = requests.request_id
    left join resolved
        on feedback.customer_id = resolved.customer_id
    left join customers
        on {{ source_word('coalesce(resolved.resolved_customer_id, feedback.customer_id)') }} = customers.customer_id

)

select * from final
