-- Landed files, and what became of their rows.
-- Grain: one row per load_id.
with

source as (

    select * from {{ source('raw', 'loads') }}

),

final as (

    select
        load_id,
        source as source_name,
        status,
        rows_landed as landed_row_count,
        rows_quarantined as quarantined_row_count,
        landed_at
    from source

)

select * from final
