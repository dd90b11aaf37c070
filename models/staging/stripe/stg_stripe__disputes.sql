-- Payments that customers had taken back, the newest version of each; test mode counts for nothing.
-- Grain: one row per dispute_id.
with

source as (

    select * from {{ source('raw', 'stripe_disputes') }}

),

movements as (

    select
        _load_id,
        _source_row,
        {{ split_list('balance_transactions') }} as movement
    from source
    where balance_transactions is not null

),

amounts as (

    select
        _load_id,
        _source_row,
        {{ text_number(json_text('movement', 'amount'), 'decimal(28, 2)') }} as amount_minor_units,
        {{ utc_timestamp(json_text('movement', 'created')) }} as created_at
    from movements

),

-- What is withdrawn is negative, what comes back is not, in whatever order they are listed.
moved as (

    select
        _load_id,
        _source_row,
        min(case when amount_minor_units < 0 then created_at end) as withdrawn_at,
        max(case when amount_minor_units > 0 then created_at end) as reinstated_at
    from amounts
    group by
        _load_id,
        _source_row

),

renamed as (

    select

        ---------- ids
        source.id as dispute_id,
        source.charge_id,

        ---------- strings
        source.status as dispute_status,
        upper(source.currency) as currency,

        ---------- dates, UTC
        cast(coalesce(source.funds_withdrawn_at, moved.withdrawn_at, source.created) as date) as withdrawn_date,
        cast(coalesce(source.funds_reinstated_at, moved.reinstated_at) as date) as reinstated_date,

        ---------- amounts, in the minor unit
        source.amount as amount_minor_units,

        ---------- flags
        coalesce(source.livemode, true) as is_live,

        ---------- versions
        row_number() over (
            partition by source.id
            order by source._load_id desc nulls last, source._source_row desc nulls last
        ) as version_rank

    from source
    left join moved
        on source._load_id = moved._load_id
        and source._source_row = moved._source_row

)

select
    dispute_id,
    charge_id,
    dispute_status,
    currency,
    withdrawn_date,
    reinstated_date,
    amount_minor_units
from renamed
where version_rank = 1 and is_live
