-- Credit notes in the minor unit without tax, by the line they name; a note that names none is one row without a line.
-- Lines named without amounts share the note pro rata to their net amounts.
-- Grain: one row per reduction_part_id: the note and the line.
with

notes as (

    select * from {{ ref('stg_stripe__credit_notes') }}
    where credit_note_status = 'issued' or voided_date is not null

),

lines as (

    select
        *,
        sum(credited_minor_units) over (partition by credit_note_id) as stated_minor_units
    from {{ ref('stg_stripe__credit_note_lines') }}

),

weighed as (

    select
        lines.credit_note_id,
        lines.line_id,
        invoiced.untaxed_minor_units < 0 as is_negative,
        cast(case
            when lines.stated_minor_units > 0 then lines.credited_minor_units
            else coalesce(invoiced.untaxed_minor_units - invoiced.promotional_minor_units, 0)
        end as decimal(28, 6)) as line_weight
    from lines
    inner join notes
        on lines.credit_note_id = notes.credit_note_id
    left join {{ ref('int_invoice_lines_netted') }} as invoiced
        on notes.invoice_id = invoiced.invoice_id
        and lines.line_id = invoiced.line_id

),

running as (

    select
        *,
        cast(sum(line_weight) over (partition by credit_note_id) as decimal(28, 6)) as note_weight,
        cast(sum(line_weight) over (
            partition by credit_note_id
            order by line_id asc nulls last
            rows between unbounded preceding and current row
        ) as decimal(28, 6)) as running_weight
    from weighed

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
        -- Of a negative line nothing can be taken, only given back.
        case
            when running.is_negative and running.line_weight > 0 then null
            else netted.invoice_id || ':' || running.line_id
        end as invoice_line_id,
        netted.product_id,
        netted.credited_date,
        netted.voided_date,
        {{ money('case when running.note_weight > 0 then '
            ~ money(
                shared_part('netted.net_minor_units', 'running.running_weight', 'running.note_weight') ~ ' - '
                ~ shared_part('netted.net_minor_units', 'running.running_weight - running.line_weight', 'running.note_weight')
            ) ~ ' else netted.net_minor_units end') }} as net_minor_units
    from netted
    left join running
        on
            netted.credit_note_id = running.credit_note_id
            and running.note_weight > 0

)

select * from final
