-- Invoices with more credit notes and refunds than are taken one after the other: the rest would cancel no day and
-- reduce revenue at once. Raise the var max_reductions_per_invoice.
select
    invoice_id,
    max(reduction_number) as reduction_count
from {{ ref('int_reductions_numbered') }}
group by invoice_id
having max(reduction_number) > {{ var('max_reductions_per_invoice') }}
