-- Recognised revenue that a reduction had taken and that comes back: of disputes won on the day the money is back, of
-- invoices given up at once for the part that was paid, and for the rest when it is paid after all.
-- Grain: one row per invoice_line_id, event_number and return_kind.
with

contra as (

    select * from {{ ref('int_contra_revenue') }}

),

events as (

    select * from {{ ref('int_reductions_ordered') }}

),

invoices as (

    select * from {{ ref('int_invoices_counted') }}

),

left_before as (

    select
        invoice_id,
        event_number,
        {{ cost_sum('left_before_amount') }} as left_amount,
        {{ cost_sum('net_amount') }} as invoice_amount
    from {{ ref('int_reductions_by_line') }}
    where event_kind = 'uncollectible'
    group by
        invoice_id,
        event_number

),

credits as (

    select
        invoice_id,
        cast(sum(paid_minor_units) as bigint) as credited_minor_units
    from {{ ref('int_invoice_credits_applied') }}
    group by invoice_id

),

settled as (

    -- Credits paid their part of the lines before tax: beside payments they weigh with its tax.
    select
        invoices.*,
        {{ money('coalesce('
            ~ shared_part('credits.credited_minor_units', 'invoices.total_minor_units', 'invoices.untaxed_minor_units', 0)
            ~ ', credits.credited_minor_units, 0)') }} as credited_minor_units
    from invoices
    left join credits
        on invoices.invoice_id = credits.invoice_id

),

due as (

    -- Total and credits less what was reduced, and what was paid of it. What came in after that is no payment of then.
    select
        left_before.invoice_id,
        left_before.event_number,
        settled.paid_after_all_date,
        {{ shared_part('settled.total_minor_units + settled.credited_minor_units',
            ratio('left_before.left_amount', 'left_before.invoice_amount'), '1', 12) }} as due_minor_units,
        {{ money('settled.credited_minor_units + settled.balance_applied_minor_units'
            ~ ' + case when settled.paid_after_all_date is null then settled.paid_minor_units else 0 end') }}
            as paid_minor_units
    from left_before
    inner join settled
        on left_before.invoice_id = settled.invoice_id

),

given_up as (

    select
        contra.invoice_id,
        contra.event_number,
        contra.invoice_line_id,
        contra.event_date,
        due.paid_after_all_date,
        contra.contra_amount,
        contra.contra_usd,
        {{ money('coalesce(' ~ shared_part('contra.contra_amount',
            'least(due.paid_minor_units, due.due_minor_units)', 'due.due_minor_units') ~ ', contra.contra_amount)') }}
            as kept_amount,
        {{ money('coalesce(' ~ shared_part('contra.contra_usd',
            'least(due.paid_minor_units, due.due_minor_units)', 'due.due_minor_units') ~ ', contra.contra_usd)') }}
            as kept_usd
    from contra
    inner join due
        on
            contra.invoice_id = due.invoice_id
            and contra.event_number = due.event_number

),

final as (

    select
        contra.invoice_id,
        contra.event_number,
        contra.invoice_line_id,
        'dispute_won' as return_kind,
        events.returned_date,
        contra.contra_amount as returned_amount,
        contra.contra_usd as returned_usd
    from contra
    inner join events
        on
            contra.invoice_id = events.invoice_id
            and contra.event_number = events.event_number
    where events.returned_date is not null

    union all

    select
        invoice_id,
        event_number,
        invoice_line_id,
        'paid_before' as return_kind,
        event_date as returned_date,
        kept_amount as returned_amount,
        kept_usd as returned_usd
    from given_up

    union all

    select
        invoice_id,
        event_number,
        invoice_line_id,
        'paid_after_all' as return_kind,
        paid_after_all_date as returned_date,
        {{ money('contra_amount - kept_amount') }} as returned_amount,
        {{ money('contra_usd - kept_usd') }} as returned_usd
    from given_up
    where paid_after_all_date is not null

)

select * from final
