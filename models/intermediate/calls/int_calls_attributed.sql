-- Calls with the customer, use case and kind they belong to.
-- Grain: one row per call_id.
with

calls as (

    select * from {{ ref('int_calls_versioned') }}

),

customers as (

    select * from {{ ref('int_customers_resolved') }}

),

workspaces as (

    select * from {{ ref('int_workspaces_resolved') }}

),

use_cases as (

    select * from {{ ref('use_cases') }}

),

final as (

    select
        calls.*,
        case
            when calls.is_internal then 'internal'
            else {{ dimension_word(
                'coalesce(customers.resolved_customer_id, calls.logged_customer_id, workspaces.resolved_customer_id)'
            ) }}
        end as customer_id,
        coalesce(calls.logged_use_case, use_cases.use_case) as use_case,
        {{ is_inference_type('calls.call_type') }} as is_inference_type
    from calls
    left join customers
        on calls.logged_customer_id = customers.customer_id
    -- The workspace is asked only where the log names no customer.
    left join workspaces
        on calls.workspace_id = workspaces.workspace_id
        and calls.logged_customer_id is null
    left join use_cases
        on calls.feature = use_cases.feature

)

select * from final
