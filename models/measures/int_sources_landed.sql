-- The last day on which each source brought rows.
-- Grain: one row per source_name that landed.
with

final as (

    select
        source_name,
        cast(max(landed_at) as date) as last_date
    from {{ ref('stg_landing__loads') }}
    where
        status = 'landed'
        and landed_row_count > 0
    group by source_name

)

select * from final
