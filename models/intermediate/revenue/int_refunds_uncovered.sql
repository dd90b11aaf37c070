-- Refunds less what credit notes of the invoice stand for.
-- Grain: one row per refund_id of a charge that came in; uncovered_minor_units is with tax.
-- Notes that name refunds stand for those (int_refunds_named); what these leave of a note stands for later refunds of a
-- charge that is not younger, in the order of the refunds.
with

charges as (

    select * from {{ ref('int_charges_tied') }}

),

notes as (

    select * from {{ ref('stg_stripe__credit_notes') }}
    where credit_note_status = 'issued' or voided_date is not null

),

refunds as (

    select * from {{ ref('int_refunds_made') }}

),

named as (

    select * from {{ ref('int_refunds_named') }}

),

named_by_note as (

    select
        credit_note_id,
        cast(sum(named_minor_units) as bigint) as named_minor_units
    from named
    group by credit_note_id

),

named_by_refund as (

    select
        refund_id,
        cast(sum(named_minor_units) as bigint) as named_minor_units
    from named
    group by refund_id

),

unnamed as (

    select
        notes.invoice_id,
        notes.credited_at,
        notes.credited_date,
        notes.voided_date,
        greatest(
            notes.amount_minor_units - coalesce(named_by_note.named_minor_units, 0), 0
        ) as unnamed_minor_units
    from notes
    left join named_by_note
        on notes.credit_note_id = named_by_note.credit_note_id

),

tied as (

    select
        refunds.refund_id,
        refunds.charge_id,
        charges.invoice_id,
        refunds.refunded_date,
        charges.charged_at,
        greatest(refunds.amount_minor_units - coalesce(named_by_refund.named_minor_units, 0), 0) as open_minor_units
    from refunds
    inner join charges
        on refunds.charge_id = charges.charge_id
    left join named_by_refund
        on refunds.refund_id = named_by_refund.refund_id

),

available as (

    select
        tied.refund_id,
        cast(sum(unnamed.unnamed_minor_units) as bigint) as note_minor_units
    from tied
    inner join unnamed
        on
            tied.invoice_id = unnamed.invoice_id
            and tied.refunded_date >= unnamed.credited_date
            and tied.charged_at <= unnamed.credited_at
            -- A note that was voided by then is given back: the refund is all that reduces.
            and (unnamed.voided_date is null or unnamed.voided_date > tied.refunded_date)
    group by tied.refund_id

),

running as (

    -- Refunds of an invoice use its notes up one after the other; those of a charge alone have none.
    select
        tied.*,
        coalesce(available.note_minor_units, 0) as note_minor_units,
        cast(sum(tied.open_minor_units) over (
            partition by coalesce(tied.invoice_id, tied.charge_id)
            order by tied.refunded_date asc nulls first, tied.refund_id asc nulls first
            rows between unbounded preceding and current row
        ) as bigint) as running_minor_units
    from tied
    left join available
        on tied.refund_id = available.refund_id

),

covered as (

    -- What is covered so far: everything, or what some refund found of notes and everything since.
    select
        *,
        running_minor_units + least(0, min(note_minor_units - running_minor_units) over (
            partition by coalesce(invoice_id, charge_id)
            order by refunded_date asc nulls first, refund_id asc nulls first
            rows between unbounded preceding and current row
        )) as covered_minor_units
    from running

),

final as (

    select
        refund_id,
        charge_id,
        refunded_date,
        cast(open_minor_units - greatest(
            covered_minor_units - coalesce(lag(covered_minor_units) over (
                partition by coalesce(invoice_id, charge_id)
                order by refunded_date asc nulls first, refund_id asc nulls first
            ), 0),
            0
        ) as bigint) as uncovered_minor_units
    from covered

)

select * from final
