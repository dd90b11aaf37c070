-- Exchange rates, the newest version of each.
-- Grain: one row per rate_date and currency.
with

source as (

    select * from {{ source('raw', 'fx_rates') }}

),

renamed as (

    select
        rate_date,
        upper(currency) as currency,
        usd_per_unit,
        row_number() over (
            partition by rate_date, upper(currency)
            order by _load_id desc nulls last, _source_row desc nulls last
        ) as version_rank
    from source

)

select
    rate_date,
    currency,
    usd_per_unit
from renamed
where version_rank = 1
