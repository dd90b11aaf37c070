-- Lines of the invoices that are revenue (open, paid, uncollectible), net of discount and without tax.
-- Grain: one row per invoice_line_id.
-- Amounts are in the invoice's currency; its rate is that of the day the invoice was made.
{{ config(materialized='table') }}
with

lines as (

    select * from {{ ref('stg_stripe__invoice_line_items') }}

),

invoices as (

    select * from {{ ref('stg_stripe__invoices') }}
    where invoice_status in ('open', 'paid', 'uncollectible')

),

customers as (

    select * from {{ ref('int_stripe_customers_resolved') }}

),

prices as (

    select * from {{ ref('stg_stripe__prices') }}

),

exponents as (

    select * from {{ ref('currency_exponents') }}

),

rates as (

    select * from {{ ref('int_fx_rates_daily') }}

),

final as (

    select
        lines.invoice_line_id,
        lines.invoice_id,
        customers.customer_id,
        {{ dimension_word('coalesce(lines.product_id, prices.product_id)') }} as product_id,
        invoices.invoice_status,
        invoices.invoiced_date,
        invoices.currency,
        prices.plan,
        -- A line without a known price is recurring when Stripe says that a subscription made it.
        coalesce(prices.is_recurring, lines.line_type = 'subscription', false) as is_recurring,
        lines.service_start_date,
        cast(greatest(
            {{ dbt.datediff('lines.service_start_date', 'lines.service_end_date', 'day') }}, 1
        ) as bigint) as service_day_count,
        {{ from_minor_units('lines.net_minor_units', 'exponents.exponent') }} as net_amount,
        cast(
            case when invoices.currency = 'USD' then 1 else rates.usd_per_unit end
        as decimal(28, 12)) as usd_per_unit
    from lines
    inner join invoices
        on lines.invoice_id = invoices.invoice_id
    inner join customers
        on invoices.stripe_customer_id = customers.stripe_customer_id
    left join prices
        on lines.price_id = prices.price_id
    left join exponents
        on invoices.currency = exponents.currency
    left join rates
        on
            invoices.currency = rates.currency
            and invoices.invoiced_date = rates.rate_date

)

select * from final
