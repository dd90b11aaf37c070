-- Refunds that credit notes name, in their list or in a column of their own, with what each note names of them.
-- Grain: one row per credit_note_id and refund_id.
with

source as (

    select * from {{ source('raw', 'stripe_credit_notes') }}

),

ranked as (

    select
        id as credit_note_id,
        refund_id,
        refunds,
        row_number() over (
            partition by id
            order by _load_id desc nulls last, _source_row desc nulls last
        ) as version_rank
    from source

),

split as (

    select
        credit_note_id,
        {{ split_list('refunds') }} as note_refund
    from ranked
    where version_rank = 1 and refunds is not null

),

listed as (

    -- The refund itself may stand in the place of its id.
    select
        credit_note_id,
        coalesce(
            {{ json_text(json_text('note_refund', 'refund'), 'id') }},
            {{ json_text('note_refund', ['refund', 'refund_id']) }}
        ) as refund_id,
        {{ whole_number(json_text('note_refund', 'amount_refunded')) }} as refunded_minor_units
    from split

),

named as (

    select
        credit_note_id,
        {{ whole_id('refund_id') }} as refund_id,
        refunded_minor_units
    from listed

    union all

    select
        credit_note_id,
        refund_id,
        cast(null as bigint) as refunded_minor_units
    from ranked
    where version_rank = 1

),

final as (

    select
        credit_note_id,
        refund_id,
        cast(sum(refunded_minor_units) as bigint) as refunded_minor_units
    from named
    where refund_id is not null
    group by
        credit_note_id,
        refund_id

)

select * from final
