-- Credit notes, refunds and disputes whose invoice or charge was not landed: they reduce nothing and stand as another
-- loss. What belongs to test mode, a draft or a charge that failed is no loss.
-- Grain: one row per reduction_id.
with

charges as (

    select * from {{ ref('stg_stripe__charges') }}

),

exponents as (

    select * from {{ ref('currency_exponents') }}

),

landed_invoices as (

    select invoice_id from {{ ref('stg_stripe__invoices') }}

    union

    select invoice_id from {{ ref('stg_stripe__invoice_line_items') }}

),

unmatched as (

    select
        notes.credit_note_id as reduction_id,
        'credit_note' as reduction_kind,
        notes.invoice_id as missing_id,
        notes.credited_date as reduced_date,
        notes.currency,
        coalesce(notes.untaxed_minor_units, notes.amount_minor_units) as amount_minor_units
    from {{ ref('stg_stripe__credit_notes') }} as notes
    left join landed_invoices
        on notes.invoice_id = landed_invoices.invoice_id
    where notes.credit_note_status = 'issued' and landed_invoices.invoice_id is null

    union all

    select
        refunds.refund_id as reduction_id,
        'refund' as reduction_kind,
        refunds.charge_id as missing_id,
        refunds.refunded_date as reduced_date,
        refunds.currency,
        refunds.amount_minor_units
    from {{ ref('stg_stripe__refunds') }} as refunds
    left join charges
        on refunds.charge_id = charges.charge_id
    where refunds.refund_status = 'succeeded' and charges.charge_id is null

    union all

    select
        disputes.dispute_id as reduction_id,
        'dispute' as reduction_kind,
        disputes.charge_id as missing_id,
        disputes.withdrawn_date as reduced_date,
        disputes.currency,
        disputes.amount_minor_units
    from {{ ref('stg_stripe__disputes') }} as disputes
    left join charges
        on disputes.charge_id = charges.charge_id
    where disputes.dispute_status in ('lost', 'needs_response', 'under_review') and charges.charge_id is null

),

final as (

    select
        unmatched.reduction_id,
        unmatched.reduction_kind,
        unmatched.missing_id,
        unmatched.reduced_date,
        unmatched.currency,
        {{ from_minor_units('unmatched.amount_minor_units', 'exponents.exponent') }} as reduction_amount
    from unmatched
    left join exponents
        on unmatched.currency = exponents.currency

)

select * from final
