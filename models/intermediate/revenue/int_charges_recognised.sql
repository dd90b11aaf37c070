-- Charges without an invoice, which are revenue on their day, and their refunds, which reduce it on theirs.
-- Grain: one row per entry_id (charge or refund). A refund is converted at its charge's rate: paid back is 0 in sum.
with

charges as (

    select * from {{ ref('stg_stripe__charges') }}
    where invoice_id is null and charge_status = 'succeeded' and charged_date is not null

),

refunds as (

    select * from {{ ref('stg_stripe__refunds') }}
    where refund_status = 'succeeded'

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

rated as (

    select
        charges.charge_id,
        charges.charged_date,
        charges.currency,
        charges.amount_minor_units,
        coalesce(customers.customer_id, 'unattributed') as customer_id,
        exponents.exponent,
        case when charges.currency = 'USD' then 1 else rates.usd_per_unit end as usd_per_unit
    from charges
    left join customers
        on charges.stripe_customer_id = customers.stripe_customer_id
    left join exponents
        on charges.currency = exponents.currency
    left join rates
        on
            charges.currency = rates.currency
            and charges.charged_date = rates.rate_date

),

entries as (

    select
        charge_id as entry_id,
        'charge' as entry_kind,
        charged_date as revenue_date,
        customer_id,
        currency,
        {{ from_minor_units('amount_minor_units', 'exponent') }} as revenue_amount,
        usd_per_unit
    from rated

    union all

    select
        refunds.refund_id as entry_id,
        'refund' as entry_kind,
        refunds.refunded_date as revenue_date,
        rated.customer_id,
        rated.currency,
        {{ from_minor_units('-refunds.amount_minor_units', 'rated.exponent') }} as revenue_amount,
        rated.usd_per_unit
    from refunds
    inner join rated
        on refunds.charge_id = rated.charge_id

)

select
    entry_id,
    entry_kind,
    revenue_date,
    customer_id,
    currency,
    revenue_amount,
    {{ converted('revenue_amount', 'usd_per_unit') }} as revenue_usd
from entries
