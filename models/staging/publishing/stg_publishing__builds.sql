-- The dbt runs that wrote into this warehouse.
-- Grain: one row per build_id.
with

source as (

    select * from {{ source('raw', 'builds') }}

),

final as (

    select

        ---------- ids
        build_id,

        ---------- strings
        status,

        ---------- numerics
        build_number,
        last_load_id,

        ---------- booleans
        is_history_verified

    from source

)

select * from final
