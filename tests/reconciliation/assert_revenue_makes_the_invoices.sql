-- Before FX and reductions, per currency: what is recognised by itself is what was invoiced, straight from the landed
-- totals, what lines make of invoices without a total, what credits bought ahead settled, charges and accruals.
-- A lost line, a tax taken twice or a credit counted as payment would show here alone.
with

exponents as (

    select * from {{ ref('currency_exponents') }}

),

counted as (

    select * from {{ ref('int_invoices_counted') }}

),

expected as (

    select
        currency,
        untaxed_minor_units
    from counted
    where untaxed_minor_units is not null

    union all

    select
        counted.currency,
        lines.gross_minor_units - coalesce(lines.tax_minor_units, 0) as untaxed_minor_units
    from {{ ref('stg_stripe__invoice_line_items') }} as lines
    inner join counted
        on lines.invoice_id = counted.invoice_id
    where counted.untaxed_minor_units is null

    union all

    select
        counted.currency,
        credits.paid_minor_units as untaxed_minor_units
    from {{ ref('int_invoice_credits_applied') }} as credits
    inner join counted
        on credits.invoice_id = counted.invoice_id
    where counted.untaxed_minor_units is not null

    union all

    select
        counted.currency,
        -credits.promotional_minor_units as untaxed_minor_units
    from {{ ref('int_invoice_credits_applied') }} as credits
    inner join counted
        on credits.invoice_id = counted.invoice_id
    where counted.untaxed_minor_units is null

),

both_sides as (

    select
        expected.currency,
        {{ from_minor_units('expected.untaxed_minor_units', 'exponents.exponent') }} as expected_amount,
        {{ money('0') }} as actual_amount
    from expected
    inner join exponents
        on expected.currency = exponents.currency

    union all

    select
        currency,
        {{ money('0') }} as expected_amount,
        net_amount as actual_amount
    from {{ ref('int_invoice_lines_priced') }}
    where line_kind <> 'accrual'

)

select
    currency,
    {{ cost_sum('expected_amount') }} as expected_amount,
    {{ cost_sum('actual_amount') }} as actual_amount
from both_sides
group by currency
having sum(expected_amount) is distinct from sum(actual_amount)
