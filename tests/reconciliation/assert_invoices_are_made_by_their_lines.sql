-- Invoices whose landed lines do not make their total without tax: pages that were cut off, lines that were not landed
-- (line_count 0: none of them), discounts that only the total shows. The difference is revenue of product
-- `unattributed` (decisions.md, Recognised revenue). A warning: the total is right, its lines are not known.
{{ config(severity='warn') }}
select
    unexplained.invoice_id,
    unexplained.line_count,
    invoices.customer_id,
    invoices.currency,
    {{ from_minor_units('unexplained.unexplained_minor_units', 'invoices.exponent') }} as unexplained_amount
from {{ ref('int_invoice_lines_unexplained') }} as unexplained
inner join {{ ref('int_invoices_counted') }} as invoices
    on unexplained.invoice_id = invoices.invoice_id

union all

-- Without a total and without lines nothing is known.
select
    invoices.invoice_id,
    0 as line_count,
    invoices.customer_id,
    invoices.currency,
    {{ money('0') }} as unexplained_amount
from {{ ref('int_invoices_counted') }} as invoices
left join {{ ref('int_invoice_lines_netted') }} as lines
    on invoices.invoice_id = lines.invoice_id
where invoices.invoice_kind = 'invoice' and invoices.untaxed_minor_units is null and lines.invoice_id is null
