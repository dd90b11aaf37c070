-- Exchange rates, the newest version of each.
-- Grain: one row per currency and rate_date.
with

source as (

    select * from {{ source('raw', 'fx_rates') }}

),

renamed as (

    select

        ---------- strings
        upper(trim(currency)) as currency,

        ---------- rates
        usd_per_unit,

        ---------- dates
        rate_date,

        ---------- versions
        row_number() over (
            partition by upper(trim(currency)), rate_date
            order by _load_id desc nulls last, _source_row desc nulls last
        ) as version_rank

    from source

)

select
    currency,
    rate_date,
    usd_per_unit
from renamed
where version_rank = 1
