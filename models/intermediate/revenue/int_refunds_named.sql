-- What credit notes that name their refunds stand for: of each the amount a note names for it, of those without an amount
-- what is left of the note. A refund that did not land is in the rest of its invoice's charge (int_refunds_made): there
-- the name stands for that rest.
-- Grain: one row per credit_note_id and refund_id that the note names.
with

notes as (

    select * from {{ ref('stg_stripe__credit_notes') }}
    where credit_note_status = 'issued' or voided_date is not null

),

refunds as (

    select * from {{ ref('int_refunds_made') }}

),

rests as (

    -- Of several charges with a rest the first by id.
    select
        charges.invoice_id,
        min(refunds.refund_id) as refund_id
    from {{ ref('int_charges_tied') }} as charges
    inner join refunds
        on refunds.refund_id = charges.charge_id || ':refunded'
    where charges.invoice_id is not null
    group by charges.invoice_id

),

note_refunds as (

    select
        note_refunds.credit_note_id,
        coalesce(landed.refund_id, rests.refund_id) as refund_id,
        note_refunds.refunded_minor_units,
        notes.voided_date,
        cast(notes.amount_minor_units - coalesce(sum(note_refunds.refunded_minor_units) over (
            partition by note_refunds.credit_note_id
        ), 0) as bigint) as unstated_minor_units
    from {{ ref('stg_stripe__credit_note_refunds') }} as note_refunds
    inner join notes
        on note_refunds.credit_note_id = notes.credit_note_id
    left join {{ ref('stg_stripe__refunds') }} as landed
        on note_refunds.refund_id = landed.refund_id
    left join rests
        on notes.invoice_id = rests.invoice_id

),

shared as (

    -- What is left of a note goes to its refunds without an amount one after the other.
    select
        note_refunds.*,
        refunds.amount_minor_units,
        cast(sum(
            case when note_refunds.refunded_minor_units is null then refunds.amount_minor_units else 0 end
        ) over (
            partition by note_refunds.credit_note_id
            order by refunds.refunded_date asc nulls first, note_refunds.refund_id asc nulls first
            rows between unbounded preceding and current row
        ) as bigint) as running_minor_units
    from note_refunds
    inner join refunds
        on note_refunds.refund_id = refunds.refund_id
    -- A note that was voided by then is given back: the refund is all that reduces.
    where note_refunds.voided_date is null or note_refunds.voided_date > refunds.refunded_date

),

final as (

    select
        credit_note_id,
        refund_id,
        cast(sum(least(
            amount_minor_units,
            coalesce(
                refunded_minor_units,
                greatest(unstated_minor_units - running_minor_units + amount_minor_units, 0)
            )
        )) as bigint) as named_minor_units
    from shared
    group by
        credit_note_id,
        refund_id

)

select * from final
