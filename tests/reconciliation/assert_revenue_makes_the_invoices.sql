-- Before FX and without tax, per currency: what is recognised and what is still deferred equals what was invoiced plus
-- charges without invoice, less credit notes and refunds. A lost line, day or note would show here alone.
with

exponents as (

    select * from {{ ref('currency_exponents') }}

),

invoiced as (

    -- Straight from the landed lines, without the models of revenue.
    select
        invoices.currency,
        {{ from_minor_units('lines.net_minor_units', 'exponents.exponent') }} as expected_amount,
        {{ money('0') }} as actual_amount
    from {{ ref('stg_stripe__invoice_line_items') }} as lines
    inner join {{ ref('stg_stripe__invoices') }} as invoices
        on lines.invoice_id = invoices.invoice_id
    left join exponents
        on invoices.currency = exponents.currency
    where invoices.invoice_status in ('open', 'paid', 'uncollectible')

),

charged as (

    select
        charges.currency,
        {{ from_minor_units('charges.amount_minor_units', 'exponents.exponent') }} as expected_amount,
        {{ money('0') }} as actual_amount
    from {{ ref('stg_stripe__charges') }} as charges
    left join exponents
        on charges.currency = exponents.currency
    where charges.invoice_id is null and charges.charge_status = 'succeeded'

),

charges_refunded as (

    select
        charges.currency,
        {{ from_minor_units('-refunds.amount_minor_units', 'exponents.exponent') }} as expected_amount,
        {{ money('0') }} as actual_amount
    from {{ ref('stg_stripe__refunds') }} as refunds
    inner join {{ ref('stg_stripe__charges') }} as charges
        on refunds.charge_id = charges.charge_id
    left join exponents
        on charges.currency = exponents.currency
    where
        refunds.refund_status = 'succeeded'
        and charges.invoice_id is null
        and charges.charge_status = 'succeeded'

),

reduced as (

    select
        currency,
        {{ money('-reduction_amount') }} as expected_amount,
        {{ money('0') }} as actual_amount
    from {{ ref('int_reductions_numbered') }}

),

recognised_or_deferred as (

    select
        currency,
        {{ money('0') }} as expected_amount,
        revenue_amount as actual_amount
    from {{ ref('int_revenue_lines_daily') }}

    union all

    select
        currency,
        {{ money('0') }} as expected_amount,
        {{ money('-excess_amount') }} as actual_amount
    from {{ ref('int_reductions_excess') }}

    union all

    select
        currency,
        {{ money('0') }} as expected_amount,
        revenue_amount as actual_amount
    from {{ ref('int_charges_recognised') }}

),

both_sides as (

    select * from invoiced
    union all
    select * from charged
    union all
    select * from charges_refunded
    union all
    select * from reduced
    union all
    select * from recognised_or_deferred

)

select
    currency,
    {{ cost_sum('expected_amount') }} as expected_amount,
    {{ cost_sum('actual_amount') }} as actual_amount
from both_sides
group by currency
having sum(expected_amount) is distinct from sum(actual_amount)
