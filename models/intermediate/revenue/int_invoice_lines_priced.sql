-- Everything that is recognised by itself, with its price, its schedule in seconds and its value in USD: lines of
-- counted invoices, what lines lack of an invoice (`unexplained`), charges that settle no invoice, and accruals.
-- Grain: one row per invoice_line_id.
-- Net of discount and promotional credits, without tax, before what reduces it. Voided invoices are in here too.
{{ config(materialized='table') }}
with

lines as (

    select
        *,
        cast(service_start_at as date) as service_start_date,
        cast({{ dbt.dateadd('second', -1, 'service_end_at') }} as date) as service_last_date
    from {{ ref('int_invoice_lines_scheduled') }}

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

joined as (

    select
        lines.*,
        prices.plan,
        prices.meter_id,
        prices.recurring_interval,
        prices.interval_count,
        {{ from_minor_units('prices.unit_minor_units', 'exponents.exponent') }} as unit_amount,
        cast(case when lines.currency = 'USD' then 1 else rates.usd_per_unit end as decimal(28, 12)) as usd_per_unit,
        cast({{ second_of_day('lines.service_start_at') }} as bigint) as start_second,
        cast(
            {{ dbt.datediff('lines.service_start_at', 'lines.service_end_at', 'second') }}
        as bigint) as service_seconds,
        cast(
            {{ dbt.datediff('lines.service_start_date', 'lines.service_last_date', 'day') }} + 1
        as bigint) as service_day_count
    from lines
    left join prices
        on lines.price_id = prices.price_id
    left join exponents
        on lines.currency = exponents.currency
    left join rates
        on
            lines.currency = rates.currency
            and lines.rate_date = rates.rate_date

),

final as (

    select
        invoice_line_id,
        line_id,
        invoice_id,
        line_kind,
        customer_id,
        stripe_customer_id,
        product_id,
        price_id,
        subscription_id,
        meter_id,
        plan,
        recurring_interval,
        interval_count,
        usage_type,
        invoice_status,
        currency,
        created_date,
        invoiced_date,
        service_start_at,
        service_end_at,
        service_start_date,
        service_last_date,
        start_second,
        service_seconds,
        service_day_count,
        quantity,
        unit_amount,
        net_amount,
        usd_per_unit,
        {{ converted('net_amount', 'usd_per_unit') }} as net_usd,
        is_recurring,
        is_proration,
        is_prepaid,
        has_period
    from joined

)

select * from final
