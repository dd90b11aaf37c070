-- Everything that takes money of an invoice or charge back, without tax, in its currency: credit notes, refunds no note
-- stands for, disputes, and credits bought ahead that settled use elsewhere.
-- Grain: one row per reduction_part_id: the reduction and the line it names.
{{ config(materialized='table') }}
with

invoices as (

    select * from {{ ref('int_invoices_counted') }}

),

charges as (

    select * from {{ ref('int_charges_tied') }}

),

disputes as (

    -- Inquiries take no money; a dispute won that does not say when counts for nothing.
    select * from {{ ref('stg_stripe__disputes') }}
    where
        dispute_status in ('lost', 'needs_response', 'under_review')
        or (dispute_status = 'won' and reinstated_date is not null)

),

paid_back as (

    select
        refund_id as reduction_id,
        'refund' as reduction_kind,
        charge_id,
        refunded_date as reduced_date,
        cast(null as date) as returned_date,
        uncovered_minor_units as amount_minor_units
    from {{ ref('int_refunds_uncovered') }}

    union all

    select
        dispute_id as reduction_id,
        'dispute' as reduction_kind,
        charge_id,
        withdrawn_date as reduced_date,
        case when dispute_status = 'won' then reinstated_date end as returned_date,
        amount_minor_units
    from disputes

),

requests as (

    select
        reduction_part_id,
        credit_note_id as reduction_id,
        'credit_note' as reduction_kind,
        invoice_id,
        invoice_line_id,
        product_id,
        credited_date as reduced_date,
        voided_date as ended_date,
        cast(null as date) as returned_date,
        cast(null as date) as settled_date,
        net_minor_units
    from {{ ref('int_credit_notes_split') }}

    union all

    select
        paid_back.reduction_kind || ':' || paid_back.reduction_id as reduction_part_id,
        paid_back.reduction_id,
        paid_back.reduction_kind,
        invoices.invoice_id,
        cast(null as string) as invoice_line_id,
        cast(null as string) as product_id,
        paid_back.reduced_date,
        cast(null as date) as ended_date,
        paid_back.returned_date,
        cast(null as date) as settled_date,
        {{ money('coalesce('
            ~ shared_part('paid_back.amount_minor_units', 'invoices.untaxed_minor_units', 'invoices.total_minor_units', 0)
            ~ ', ' ~ money('paid_back.amount_minor_units') ~ ')') }} as net_minor_units
    from paid_back
    inner join charges
        on paid_back.charge_id = charges.charge_id
    inner join invoices
        on coalesce(charges.invoice_id, charges.charge_id) = invoices.invoice_id

    union all

    select
        'credit:' || coalesce(credit_grant_id, '') || ':' || invoice_id
        || coalesce(':' || cast(given_back_date as string), '') as reduction_part_id,
        'credit:' || coalesce(credit_grant_id, '') || ':' || invoice_id as reduction_id,
        'credits_used' as reduction_kind,
        grant_invoice_id as invoice_id,
        cast(null as string) as invoice_line_id,
        cast(null as string) as product_id,
        applied_date as reduced_date,
        given_back_date as ended_date,
        cast(null as date) as returned_date,
        settled_date,
        {{ money('paid_minor_units') }} as net_minor_units
    from {{ ref('int_invoice_credits_applied') }}
    where grant_invoice_id is not null and paid_minor_units <> 0

),

final as (

    select
        requests.reduction_part_id,
        requests.reduction_id,
        requests.reduction_kind,
        requests.invoice_id,
        requests.invoice_line_id,
        requests.product_id,
        -- Not before there is an invoice to reduce: a charge may be older than the invoice it was applied to.
        greatest(requests.reduced_date, coalesce(invoices.invoiced_date, requests.reduced_date)) as reduced_date,
        case
            when requests.ended_date is not null then greatest(
                requests.ended_date, requests.reduced_date, coalesce(invoices.invoiced_date, requests.reduced_date)
            )
        end as ended_date,
        case
            when requests.returned_date is not null then greatest(
                requests.returned_date, requests.reduced_date, coalesce(invoices.invoiced_date, requests.reduced_date)
            )
        end as returned_date,
        requests.settled_date,
        {{ from_minor_units('requests.net_minor_units', 'invoices.exponent') }} as requested_amount
    from requests
    inner join invoices
        on requests.invoice_id = invoices.invoice_id
    where requests.net_minor_units <> 0

)

select * from final
