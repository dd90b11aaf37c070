-- Prepaid credits that settled invoices, in the minor unit: what stayed used, and what came back when the invoice was
-- voided and counts as used until then. The purchase of credits is no use of them.
-- Grain: one row per invoice_id, credit_grant_id and given_back_date, which is null for what stayed used.
with

movements as (

    select
        moves.credit_grant_id,
        moves.invoice_id,
        moves.transaction_type,
        moves.moved_date,
        moves.amount_minor_units,
        min(moves.moved_date) over (partition by moves.credit_grant_id, moves.invoice_id) as applied_date,
        -- What comes back before the invoice is void, or while it is not, settles less of it from the start.
        case when moves.moved_date >= invoices.voided_date then moves.moved_date end as given_back_date
    from {{ ref('stg_stripe__credit_balance_transactions') }} as moves
    left join {{ ref('stg_stripe__credit_grants') }} as grants
        on moves.credit_grant_id = grants.credit_grant_id
    left join {{ ref('int_invoices_counted') }} as invoices
        on moves.invoice_id = invoices.invoice_id
    where moves.invoice_id is not null and (grants.invoice_id is null or grants.invoice_id <> moves.invoice_id)

),

parts as (

    select
        credit_grant_id,
        invoice_id,
        applied_date,
        cast(null as date) as given_back_date,
        case transaction_type when 'credit' then -amount_minor_units else amount_minor_units end as used_minor_units
    from movements

    union all

    select
        credit_grant_id,
        invoice_id,
        applied_date,
        given_back_date,
        amount_minor_units as used_minor_units
    from movements
    where transaction_type = 'credit' and given_back_date is not null

),

final as (

    select
        invoice_id,
        credit_grant_id,
        given_back_date,
        min(applied_date) as applied_date,
        cast(sum(used_minor_units) as bigint) as used_minor_units
    from parts
    group by
        invoice_id,
        credit_grant_id,
        given_back_date
    having sum(used_minor_units) <> 0

)

select * from final
