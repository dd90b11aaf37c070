-- What takes invoiced money back: issued credit notes, and refunds no credit note stands for. Without tax.
-- Grain: one row per reduction_id, of invoices that are revenue.
-- A note that names its refund stands for that refund; a note that names none stands for every refund of its invoice.
-- A small table: taking reductions one after the other reads it once for each.
{{ config(materialized='table') }}
with

notes as (

    select * from {{ ref('stg_stripe__credit_notes') }}
    where credit_note_status = 'issued'

),

refunds as (

    select * from {{ ref('stg_stripe__refunds') }}
    where refund_status = 'succeeded'

),

charges as (

    select * from {{ ref('stg_stripe__charges') }}

),

invoices as (

    select * from {{ ref('stg_stripe__invoices') }}
    where invoice_status in ('open', 'paid', 'uncollectible')

),

customers as (

    select * from {{ ref('int_stripe_customers_resolved') }}

),

exponents as (

    select * from {{ ref('currency_exponents') }}

),

rates as (

    select * from {{ ref('int_fx_rates_daily') }}

),

linked_refunds as (

    select distinct refund_id
    from notes
    where refund_id is not null

),

invoices_with_loose_notes as (

    select distinct invoice_id
    from notes
    where refund_id is null

),

reductions as (

    select
        credit_note_id as reduction_id,
        'credit_note' as reduction_kind,
        invoice_id,
        product_id,
        credited_date as reduced_date,
        subtotal_minor_units,
        amount_minor_units
    from notes

    union all

    select
        refunds.refund_id as reduction_id,
        'refund' as reduction_kind,
        charges.invoice_id,
        cast(null as string) as product_id,
        refunds.refunded_date as reduced_date,
        cast(null as bigint) as subtotal_minor_units,
        refunds.amount_minor_units
    from refunds
    inner join charges
        on refunds.charge_id = charges.charge_id
    left join linked_refunds
        on refunds.refund_id = linked_refunds.refund_id
    left join invoices_with_loose_notes
        on charges.invoice_id = invoices_with_loose_notes.invoice_id
    where
        charges.invoice_id is not null
        and linked_refunds.refund_id is null
        and invoices_with_loose_notes.invoice_id is null

),

measured as (

    select
        reductions.reduction_id,
        reductions.reduction_kind,
        reductions.invoice_id,
        {{ dimension_word('reductions.product_id') }} as product_id,
        reductions.reduced_date,
        customers.customer_id,
        invoices.currency,
        case when invoices.currency = 'USD' then 1 else rates.usd_per_unit end as usd_per_unit,
        {{ from_minor_units('reductions.subtotal_minor_units', 'exponents.exponent') }} as subtotal_amount,
        {{ from_minor_units('reductions.amount_minor_units', 'exponents.exponent') }} as amount_with_tax,
        coalesce(invoices.tax_minor_units, 0) as tax_minor_units,
        invoices.total_minor_units
    from reductions
    inner join invoices
        on reductions.invoice_id = invoices.invoice_id
    inner join customers
        on invoices.stripe_customer_id = customers.stripe_customer_id
    left join exponents
        on invoices.currency = exponents.currency
    left join rates
        on
            invoices.currency = rates.currency
            and invoices.invoiced_date = rates.rate_date

),

netted as (

    select
        *,
        case
            when subtotal_amount is not null then subtotal_amount
            when tax_minor_units = 0 then amount_with_tax
            else coalesce(
                {{ shared_part('amount_with_tax', 'total_minor_units - tax_minor_units', 'total_minor_units') }},
                amount_with_tax
            )
        end as net_amount
    from measured

)

select
    reduction_id,
    reduction_kind,
    invoice_id,
    product_id,
    reduced_date,
    customer_id,
    currency,
    cast(usd_per_unit as decimal(28, 12)) as usd_per_unit,
    {{ money('net_amount') }} as reduction_amount,
    cast(row_number() over (
        partition by invoice_id
        order by reduced_date asc nulls first, reduction_id asc nulls first, reduction_kind asc nulls first
    ) as bigint) as reduction_number
from netted
