-- What happens to an invoice that is not paid in full or not kept, in the order of (date, id): reductions begin, credit
-- notes and used credits are given back, the invoice is voided or given up.
-- Grain: one row per invoice_id and event_number; requested_amount is negative where something is given back.
{{ config(materialized='table') }}
with

invoices as (

    select * from {{ ref('int_invoices_counted') }}

),

ends as (

    -- The first day on which all of an invoice is served.
    select
        invoice_id,
        cast({{ dbt.dateadd('day', 1, 'max(service_last_date)') }} as date) as served_date
    from {{ ref('int_invoice_lines_priced') }}
    group by invoice_id

),

given_up as (

    select
        invoices.invoice_id,
        coalesce(invoices.uncollectible_date, greatest(ends.served_date, invoices.invoiced_date)) as event_date
    from invoices
    inner join ends
        on invoices.invoice_id = ends.invoice_id
    where invoices.uncollectible_date is not null or invoices.invoice_status = 'uncollectible'

),

events as (

    select
        invoice_id,
        reduced_date as event_date,
        reduction_kind as event_kind,
        reduction_id,
        reduction_part_id,
        invoice_line_id,
        product_id,
        returned_date,
        requested_amount,
        0 as order_rank
    from {{ ref('int_reductions_requested') }}

    union all

    select
        invoice_id,
        ended_date as event_date,
        reduction_kind as event_kind,
        reduction_id,
        reduction_part_id,
        invoice_line_id,
        product_id,
        cast(null as date) as returned_date,
        {{ money('-requested_amount') }} as requested_amount,
        1 as order_rank
    from {{ ref('int_reductions_requested') }}
    where ended_date is not null

    union all

    select
        invoice_id,
        event_date,
        'uncollectible' as event_kind,
        invoice_id as reduction_id,
        invoice_id as reduction_part_id,
        cast(null as string) as invoice_line_id,
        cast(null as string) as product_id,
        cast(null as date) as returned_date,
        {{ money('0') }} as requested_amount,
        2 as order_rank
    from given_up

    union all

    select
        invoice_id,
        voided_date as event_date,
        'void' as event_kind,
        invoice_id as reduction_id,
        invoice_id as reduction_part_id,
        cast(null as string) as invoice_line_id,
        cast(null as string) as product_id,
        cast(null as date) as returned_date,
        {{ money('0') }} as requested_amount,
        3 as order_rank
    from invoices
    where voided_date is not null

),

final as (

    select
        invoice_id,
        cast(row_number() over (
            partition by invoice_id
            order by
                event_date asc nulls first, order_rank asc nulls last, reduction_id asc nulls last,
                reduction_part_id asc nulls last
        ) as bigint) as event_number,
        event_date,
        event_kind,
        reduction_id,
        invoice_line_id,
        product_id,
        returned_date,
        requested_amount,
        event_kind in ('uncollectible', 'void') as takes_all
    from events

)

select * from final
