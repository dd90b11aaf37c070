-- Workspaces of the CRM's accounts, from the list in workspace_ids.
-- Grain: one row per landed account row and workspace.
with

source as (

    select * from {{ source('raw', 'crm_customers') }}

),

split as (

    select
        customer_id,
        {{ split_list('workspace_ids') }} as workspace_id,
        updated_at,
        _load_id,
        _source_row
    from source
    where workspace_ids is not null

)

select distinct
    customer_id,
    {{ whole_id('trim(workspace_id)') }} as workspace_id,
    updated_at,
    _load_id,
    _source_row
from split
where trim(workspace_id) <> ''
