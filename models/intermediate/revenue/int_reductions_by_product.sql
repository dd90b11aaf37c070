-- The excess of credit notes and refunds in USD, by product: the note's own, else pro rata to the invoice's lines.
-- Grain: one row per reduction_id and product_id.
-- An invoice whose lines add up to 0 has nothing to go by: its excess is unattributed.
with

excess as (

    select * from {{ ref('int_reductions_excess') }}
    where excess_amount <> 0

),

lines as (

    select * from {{ ref('int_invoice_lines_priced') }}

),

invoices as (

    select
        invoice_id,
        {{ cost_sum('net_amount') }} as invoice_amount
    from lines
    group by invoice_id

),

excess_usd as (

    select
        excess.reduction_id,
        excess.invoice_id,
        excess.product_id,
        excess.reduced_date,
        excess.customer_id,
        {{ money('coalesce(invoices.invoice_amount, 0)') }} as invoice_amount,
        {{ converted('excess.excess_amount', 'excess.usd_per_unit') }} as excess_usd
    from excess
    left join invoices
        on excess.invoice_id = invoices.invoice_id

),

products as (

    select
        invoice_id,
        product_id,
        {{ cost_sum('net_amount') }} as product_amount
    from lines
    group by
        invoice_id,
        product_id

),

running as (

    select
        *,
        {{ money('sum(product_amount) over (
            partition by invoice_id
            order by product_id asc nulls last
            rows between unbounded preceding and current row
        )') }} as running_amount
    from products

),

shared as (

    -- The rounded running share less that of the product before, so that the products make the whole exactly.
    select
        excess_usd.reduction_id,
        excess_usd.reduced_date,
        excess_usd.customer_id,
        running.product_id,
        {{ money(
            shared_part('excess_usd.excess_usd', 'running.running_amount', 'excess_usd.invoice_amount') ~ ' - '
            ~ shared_part('excess_usd.excess_usd', 'running.running_amount - running.product_amount',
                'excess_usd.invoice_amount')
        ) }} as reduction_usd
    from excess_usd
    inner join running
        on excess_usd.invoice_id = running.invoice_id
    where
        excess_usd.product_id = 'unattributed'
        and excess_usd.invoice_amount <> 0

    union all

    select
        reduction_id,
        reduced_date,
        customer_id,
        product_id,
        excess_usd as reduction_usd
    from excess_usd
    where product_id <> 'unattributed' or invoice_amount = 0

)

select
    reduction_id,
    reduced_date,
    customer_id,
    product_id,
    {{ money('reduction_usd') }} as reduction_usd
from shared
