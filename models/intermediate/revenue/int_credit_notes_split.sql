-- Credit notes in the minor unit without tax, by the line they name; a note that names none is one row without a line.
-- Grain: one row per reduction_part_id: the note and the line.
with

notes as (

    select * from {{ ref('stg_stripe__credit_notes') }}
    where credit_note_status = 'issued' or voided_date is not null

),

lines as (

    select * from {{ ref('stg_stripe__credit_note_lines') }}

),

running as (

    select
        credit_note_id,
        line_id,
        credited_minor_units,
        cast(sum(credited_minor_units) over (partition by credit_note_id) as bigint) as note_minor_units,
        cast(sum(credited_minor_units) over (
            partition by credit_note_id
            order by line_id asc nulls last
            rows between unbounded preceding and current row
        ) as bigint) as running_minor_units
    from lines

),

netted as (

    select
        notes.*,
        {{ money('coalesce(' ~ money('notes.untaxed_minor_units') ~ ', '
            ~ shared_part('notes.amount_minor_units', 'invoices.untaxed_minor_units', 'invoices.total_minor_units', 0)
            ~ ', ' ~ money('notes.amount_minor_units') ~ ')') }} as net_minor_units
    from notes
    left join {{ ref('int_invoices_counted') }} as invoices
        on notes.invoice_id = invoices.invoice_id

),

final as (

    select
        netted.credit_note_id || coalesce(':' || running.line_id, '') as reduction_part_id,
        netted.credit_note_id,
        netted.invoice_id,
        netted.currency,
        case when running.note_minor_units > 0 then netted.invoice_id || ':' || running.line_id end as invoice_line_id,
        netted.product_id,
        netted.credited_date,
        netted.voided_date,
        {{ money('case when running.note_minor_units > 0 then '
            ~ money(
                shared_part('netted.net_minor_units', 'running.running_minor_units', 'running.note_minor_units', 0) ~ ' - '
                ~ shared_part('netted.net_minor_units', 'running.running_minor_units - running.credited_minor_units',
                    'running.note_minor_units', 0)
            ) ~ ' else netted.net_minor_units end') }} as net_minor_units
    from netted
    left join running
        on
            netted.credit_note_id = running.credit_note_id
            and running.note_minor_units > 0

)

select * from final
