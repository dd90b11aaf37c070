-- How runs of workflows ended for the user, the newest version of each.
-- Grain: one row per workflow_run_id.
with

source as (

    select * from {{ source('raw', 'workflow_outcomes') }}

),

renamed as (

    select

        ---------- ids
        workflow_run_id,
        customer_id,

        ---------- strings
        workflow,
        outcome,

        ---------- times
        cast({{ in_reporting_timezone('resolved_at') }} as date) as resolved_date,

        ---------- versions
        row_number() over (
            partition by workflow_run_id
            order by _load_id desc nulls last, _source_row desc nulls last
        ) as version_rank

    from source

)

select
    workflow_run_id,
    customer_id,
    workflow,
    outcome,
    resolved_date
from renamed
where version_rank = 1
