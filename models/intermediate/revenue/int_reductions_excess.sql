-- What reductions ask for beyond what is left of their invoice: it comes out of revenue that had come back
-- (int_revenue_returned) while there is some; the rest is another loss, no revenue.
-- Grain: one row per invoice_id and event_number. Negative where a voided note makes room.
with

ordered as (

    select * from {{ ref('int_reductions_ordered') }}

),

invoices as (

    select
        invoice_id,
        {{ money('greatest(' ~ cost_sum('net_amount') ~ ', ' ~ money('0') ~ ')') }} as invoice_amount
    from {{ ref('int_invoice_lines_priced') }}
    group by invoice_id

),

returned as (

    select * from {{ ref('int_revenue_returned') }}

),

running as (

    select
        ordered.*,
        invoices.invoice_amount,
        {{ money('sum(ordered.requested_amount) over (
            partition by ordered.invoice_id
            order by ordered.event_number asc nulls last
            rows between unbounded preceding and current row
        )') }} as asked_amount,
        min(case when ordered.takes_all then ordered.event_number end) over (
            partition by ordered.invoice_id
        ) as all_taken_number
    from ordered
    inner join invoices
        on ordered.invoice_id = invoices.invoice_id

),

limited as (

    -- Once an invoice is voided or given up, what was asked for until then is all that could be taken.
    select
        *,
        case
            when event_number >= all_taken_number then least(invoice_amount, greatest({{ money('max(
                case when event_number = all_taken_number then asked_amount end
            ) over (partition by invoice_id)') }}, {{ money('0') }}))
            else invoice_amount
        end as takeable_amount
    from running

),

exceeded as (

    select
        *,
        {{ money('greatest(' ~ money('asked_amount - takeable_amount') ~ ', ' ~ money('0') ~ ')') }} as exceeding_amount
    from limited

),

come_back as (

    select
        exceeded.invoice_id,
        exceeded.event_number,
        {{ cost_sum('returned.returned_amount') }} as returned_amount
    from exceeded
    inner join returned
        on
            exceeded.invoice_id = returned.invoice_id
            and exceeded.event_number > returned.event_number
            and exceeded.event_date >= returned.returned_date
    group by
        exceeded.invoice_id,
        exceeded.event_number

),

retaken as (

    -- Of what had come back: all once the invoice is voided, else what was asked for since.
    select
        exceeded.*,
        coalesce(come_back.returned_amount, {{ money('0') }}) as come_back_amount,
        {{ money('max(case when come_back.invoice_id is null then exceeded.exceeding_amount else 0 end) over (
            partition by exceeded.invoice_id
            order by exceeded.event_number asc nulls last
            rows between unbounded preceding and current row
        )') }} as exceeding_before_amount,
        max(case when exceeded.event_kind = 'void' then 1 else 0 end) over (
            partition by exceeded.invoice_id
            order by exceeded.event_number asc nulls last
            rows between unbounded preceding and current row
        ) = 1 as is_voided
    from exceeded
    left join come_back
        on exceeded.invoice_id = come_back.invoice_id
        and exceeded.event_number = come_back.event_number

),

split as (

    select
        *,
        {{ money('case when is_voided then come_back_amount else least(come_back_amount, greatest('
            ~ money('exceeding_amount - exceeding_before_amount') ~ ', ' ~ money('0') ~ ')) end') }} as retaken_amount
    from retaken

),

stepped as (

    select
        invoice_id,
        event_number,
        event_date,
        event_kind,
        {{ money('exceeding_amount - coalesce(lag(exceeding_amount) over invoice_events, 0)') }} as excess_amount,
        {{ money('retaken_amount - coalesce(lag(retaken_amount) over invoice_events, 0)') }} as retaken_amount
    from split
    window invoice_events as (partition by invoice_id order by event_number asc nulls last)

),

final as (

    select
        invoice_id,
        event_number,
        event_date,
        event_kind,
        retaken_amount,
        {{ money("case when event_kind = 'void' then " ~ money('0') ~ ' else ' ~ money('excess_amount - retaken_amount')
            ~ ' end') }} as other_loss_amount
    from stepped

)

select * from final
