-- What users said or did about an answer, the newest version of each signal.
-- Grain: one row per feedback_id.
with

source as (

    select * from {{ source('raw', 'feedback') }}

),

renamed as (

    select

        ---------- ids
        feedback_id,
        request_id,
        customer_id,

        ---------- strings
        kind,

        ---------- quantities
        value as rating,

        ---------- times
        cast({{ in_reporting_timezone('created_at') }} as date) as created_date,

        ---------- versions
        row_number() over (
            partition by feedback_id
            order by _load_id desc nulls last, _source_row desc nulls last
        ) as version_rank

    from source

)

select
    feedback_id,
    request_id,
    customer_id,
    kind,
    rating,
    created_date
from renamed
where version_rank = 1
