-- What the newest release alerted of: what of today's is not here is new.
-- Grain: one row per kind and subject.
with

final as (

    select
        kind,
        subject
    from {{ ref('stg_publishing__alerts') }}

)

select * from final
