-- Landed billing rows that name an object that was not landed: lines and charges whose invoice is missing (they count
-- by themselves), notes, refunds and disputes whose invoice or charge is missing (they reduce nothing), and what a
-- charge says was refunded beyond the landed refunds (it reduces on the day of the charge). A warning, because an
-- export may begin after the object.
{{ config(severity='warn') }}
select
    lines.invoice_line_id as landed_id,
    'line without its invoice' as finding,
    lines.invoice_id as missing_id
from {{ ref('int_invoice_lines_priced') }} as lines
inner join {{ ref('int_invoices_counted') }} as invoices
    on lines.invoice_id = invoices.invoice_id
where invoices.invoice_kind = 'lines_only'

union all

select
    charge_id as landed_id,
    'charge without its invoice' as finding,
    named_invoice_id as missing_id
from {{ ref('int_charges_tied') }}
where named_invoice_id is not null and invoice_id is null

union all

select
    reduction_id as landed_id,
    reduction_kind || ' without its object' as finding,
    missing_id
from {{ ref('int_reductions_unmatched') }}

union all

select
    refund_id as landed_id,
    'refunded beyond the landed refunds' as finding,
    charge_id as missing_id
from {{ ref('int_refunds_uncovered') }}
where refund_id = charge_id || ':refunded' and uncovered_minor_units > 0
