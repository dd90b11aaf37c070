-- Vendor invoice lines, the newest version of each.
-- Grain: one row per bill_id.
with

source as (

    select * from {{ source('raw', 'ai_bills') }}

),

renamed as (

    select
        bill_id,
        period_start as period_start_date,
        period_end as period_end_date,
        row_number() over (
            partition by bill_id
            order by _load_id desc nulls last, _source_row desc nulls last
        ) as version_rank
    from source

)

select
    bill_id,
    period_start_date,
    period_end_date
from renamed
where version_rank = 1
