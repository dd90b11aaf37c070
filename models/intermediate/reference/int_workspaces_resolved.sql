-- The customer of each workspace. A workspace that two accounts claim belongs to the one that said so last.
-- Grain: one row per workspace_id.
-- A table: its window, inside the pricing of every call, would take the memory that the joins there need.
{{ config(materialized='table') }}
with

workspaces as (

    select * from {{ ref('stg_canonical__customer_workspaces') }}

),

accounts as (

    select * from {{ ref('stg_canonical__crm_customers') }}

),

customers as (

    select * from {{ ref('int_customers_resolved') }}

),

claimed as (

    -- Only the newest version of an account speaks for it.
    select
        workspaces.workspace_id,
        customers.resolved_customer_id,
        row_number() over (
            partition by workspaces.workspace_id
            order by workspaces.updated_at desc nulls last, workspaces._load_id desc nulls last,
            workspaces._source_row desc nulls last, workspaces.customer_id asc nulls last
        ) as claim_rank
    from workspaces
    inner join accounts
        on workspaces.customer_id = accounts.customer_id
        and workspaces._load_id = accounts._load_id
        and workspaces._source_row = accounts._source_row
    inner join customers
        on workspaces.customer_id = customers.customer_id

),

final as (

    select
        workspace_id,
        resolved_customer_id
    from claimed
    where claim_rank = 1

)

select * from final
