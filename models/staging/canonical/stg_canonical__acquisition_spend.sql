-- Money spent to win customers, the newest version of each spend.
-- Grain: one row per spend_id.
-- A spend without an id is known by everything but its amount and by its place among equal rows of its file: two
-- salaries of one day are two spends, and a corrected file replaces them one by one.
with

source as (

    select * from {{ source('raw', 'acquisition_spend') }}

),

keyed as (

    select
        *,
        cast(spend_date as string) || '|' || channel || '|' || coalesce(campaign, '')
        || '|' || coalesce(spend_kind, 'media') || '|' || upper(coalesce(currency, 'USD')) as spend_key
    from source

),

numbered as (

    -- Each file is a load of its own.
    select
        *,
        cast(row_number() over (
            partition by spend_key, _load_id, spend_id is null
            order by _source_row asc nulls last
        ) as bigint) as ordinal
    from keyed

),

renamed as (

    select

        ---------- ids
        coalesce(
            spend_id,
            case when ordinal = 1 then spend_key else spend_key || '|' || cast(ordinal as string) end
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

    from numbered

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
