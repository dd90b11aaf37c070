-- What of a credit note or refund no day was left to cancel for: it reduces revenue on its own day.
-- Grain: one row per reduction_id.
with

reductions as (

    select * from {{ ref('int_reductions_numbered') }}

),

cancelled as (

    select
        invoice_id,
        reduction_number,
        {{ cost_sum('cancelled_amount') }} as cancelled_amount
    from {{ ref('int_invoice_days_cancelled') }}
    group by
        invoice_id,
        reduction_number

)

select
    reductions.reduction_id,
    reductions.reduction_kind,
    reductions.invoice_id,
    reductions.product_id,
    reductions.reduced_date,
    reductions.customer_id,
    reductions.currency,
    reductions.usd_per_unit,
    reductions.reduction_amount,
    {{ money('coalesce(cancelled.cancelled_amount, 0)') }} as cancelled_amount,
    {{ money('reductions.reduction_amount - coalesce(cancelled.cancelled_amount, 0)') }} as excess_amount
from reductions
left join cancelled
    on
        reductions.invoice_id = cancelled.invoice_id
        and reductions.reduction_number = cancelled.reduction_number
