-- What the newest release alerted of.
-- Grain: one row per kind and subject.
with

source as (

    select * from {{ source('raw', 'published_alerts') }}

),

final as (

    select

        ---------- ids
        release_id,
        subject,

        ---------- strings
        kind,
        subject_kind,

        ---------- dates
        since_date

    from source
    where published_at = (select max(newest.published_at) from {{ source('raw', 'published_alerts') }} as newest)

)

select * from final
