-- Rows that broke a landing rule, and files that could not be read (line 0).
-- Grain: one row per load_id, line_number and quarantine_rank (a line may hold several rows).
with

source as (

    select * from {{ source('raw', 'quarantine') }}

),

final as (

    select
        load_id,
        line as line_number,
        cast(row_number() over (
            partition by load_id, line
            order by reason asc nulls last, raw_text asc nulls last
        ) as bigint) as quarantine_rank,
        source as source_name,
        reason,
        landed_at
    from source

)

select * from final
