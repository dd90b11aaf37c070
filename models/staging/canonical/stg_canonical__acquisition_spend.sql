-- Money spent to win customers, the newest version of each spend.
-- Grain: one row per spend_id.
-- A spend without an id is known by everything but its amount, so that a corrected amount replaces the old one.
with

source as (

    select * from {{ source('raw', 'acquisition_spend') }}

),

renamed as (

    select

        ---------- ids
        coalesce(
            spend_id,
            cast(spend_date as string) || '|' || channel || '|' || coalesce(campaign, '')
            || '|' || coalesce(spend_kind, 'media') || '|' || upper(coalesce(currency, 'USD'))
        ) as spend_id,

        ---------- strings
        channel as source_channel,
        coalesce(spend_kind, 'media') as spend_kind,
        upper(coalesce(currency, 'USD')) as currency,

        ---------- dates
        spend_date,

        ---------- money, in its currency
        {{ money('amount') }} as spend_amount,

        ---------- versions
        _load_id,
        _source_row

    from source

),

versioned as (

    select
        *,
        row_number() over (
            partition by spend_id
            order by _load_id desc nulls last, _source_row desc nulls last
        ) as version_rank
    from renamed

)

select
    spend_id,
    spend_date,
    source_channel,
    spend_kind,
    currency,
    spend_amount
from versioned
where version_rank = 1
