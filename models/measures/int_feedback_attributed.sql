-- Users' signals, and whether they are of internal use: by the request they are about, else by the customer.
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

internal_requests as (

    select distinct calls.request_id
    from calls
    inner join customers
        on calls.customer_id = customers.customer_id
    where
        customers.is_internal
        and calls.request_id in (select feedback.request_id from feedback)

),

final as (

    select
        feedback.feedback_id,
        feedback.request_id,
        feedback.kind,
        feedback.rating,
        feedback.created_date,
        internal_requests.request_id is not null or coalesce(customers.is_internal, false) as is_internal
    from feedback
    left join internal_requests
        on feedback.request_id = internal_requests.request_id
    left join resolved
        on feedback.customer_id = resolved.customer_id
    left join customers
        on coalesce(resolved.resolved_customer_id, feedback.customer_id) = customers.customer_id

)

select * from final
