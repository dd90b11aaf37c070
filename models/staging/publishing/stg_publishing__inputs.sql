-- What the numbers of the newest release were made of beside its calls, as fingerprints.
-- Grain: one row per input_kind, input_key and input_part.
with

source as (

    select * from {{ source('raw', 'published_inputs') }}

),

final as (

    select

        ---------- ids
        input_kind,
        input_key,
        input_part,

        ---------- strings
        cost_pool,
        model,
        fingerprint,

        ---------- dates
        period_start_date

    from source
    where published_at = (select max(newest.published_at) from {{ source('raw', 'published_inputs') }} as newest)

)

select * from final
