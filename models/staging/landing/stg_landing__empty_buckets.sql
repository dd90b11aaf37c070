-- Buckets that a file of a provider's report has without a result: it speaks of that time, and says nothing of it.
-- Grain: one row per load_id, start_time and end_time.
with

source as (

    select * from {{ source('raw', 'empty_buckets') }}

),

final as (

    select distinct
        load_id,
        start_time,
        end_time
    from source

)

select * from final
