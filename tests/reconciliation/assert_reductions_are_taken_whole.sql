-- Of every invoice that is neither voided nor given up: what reductions ask for is taken off its lines, taken of what
-- had come back, or stands as another loss; never more, never less.
with

asked as (

    select
        invoice_id,
        {{ cost_sum('requested_amount') }} as requested_amount
    from {{ ref('int_reductions_ordered') }}
    group by invoice_id
    having max(case when takes_all then 1 else 0 end) = 0

),

taken as (

    select
        invoice_id,
        {{ cost_sum('left_before_amount - left_after_amount') }} as taken_amount
    from {{ ref('int_reductions_by_line') }}
    group by invoice_id

),

beyond as (

    select
        invoice_id,
        {{ cost_sum('retaken_amount + other_loss_amount') }} as beyond_amount
    from {{ ref('int_reductions_excess') }}
    group by invoice_id

)

select
    asked.invoice_id,
    asked.requested_amount,
    taken.taken_amount,
    beyond.beyond_amount
from asked
left join taken
    on asked.invoice_id = taken.invoice_id
left join beyond
    on asked.invoice_id = beyond.invoice_id
where asked.requested_amount <> coalesce(taken.taken_amount, 0) + coalesce(beyond.beyond_amount, 0)
