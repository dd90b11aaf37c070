-- What revenue hangs on: invoices that count (finalised, live; voided ones while they stood), invoices of which only
-- lines were landed, and charges that settle no invoice, each as an invoice of its own.
-- Grain: one row per invoice_id.
{{ config(materialized='table') }}
with

invoices as (

    select * from {{ ref('stg_stripe__invoices') }}

),

counted as (

    select
        invoice_id,
        'invoice' as invoice_kind,
        stripe_customer_id,
        invoice_status,
        currency,
        created_date,
        invoiced_date,
        -- Paid after it was given up; a paid invoice that does not say when was never given up.
        case when invoice_status = 'paid' and paid_date >= uncollectible_date then paid_date end as paid_after_all_date,
        case when invoice_status = 'void' then greatest(voided_date, invoiced_date) end as voided_date,
        case
            when invoice_status = 'uncollectible' or paid_date >= uncollectible_date or invoice_status = 'void'
                then case when uncollectible_date < invoiced_date then invoiced_date else uncollectible_date end
        end as uncollectible_date,
        period_start_at,
        period_end_at,
        total_minor_units,
        untaxed_minor_units,
        tax_minor_units,
        paid_minor_units,
        balance_applied_minor_units
    from invoices
    where
        is_live
        and (invoice_status in ('open', 'paid', 'uncollectible') or (invoice_status = 'void' and voided_date is not null))

    union all

    select
        charge_id as invoice_id,
        'charge' as invoice_kind,
        stripe_customer_id,
        'paid' as invoice_status,
        currency,
        charged_date as created_date,
        charged_date as invoiced_date,
        cast(null as date) as paid_after_all_date,
        cast(null as date) as voided_date,
        cast(null as date) as uncollectible_date,
        cast(null as timestamp) as period_start_at,
        cast(null as timestamp) as period_end_at,
        amount_minor_units as total_minor_units,
        amount_minor_units as untaxed_minor_units,
        cast(0 as bigint) as tax_minor_units,
        amount_minor_units as paid_minor_units,
        cast(0 as bigint) as balance_applied_minor_units
    from {{ ref('int_charges_tied') }}
    where invoice_id is null

    union all

    select
        lines.invoice_id,
        'lines_only' as invoice_kind,
        min(subscriptions.stripe_customer_id) as stripe_customer_id,
        'unknown' as invoice_status,
        min(lines.currency) as currency,
        cast(null as date) as created_date,
        cast(null as date) as invoiced_date,
        cast(null as date) as paid_after_all_date,
        cast(null as date) as voided_date,
        cast(null as date) as uncollectible_date,
        cast(null as timestamp) as period_start_at,
        cast(null as timestamp) as period_end_at,
        cast(null as bigint) as total_minor_units,
        cast(null as bigint) as untaxed_minor_units,
        cast(0 as bigint) as tax_minor_units,
        cast(0 as bigint) as paid_minor_units,
        cast(0 as bigint) as balance_applied_minor_units
    from {{ ref('stg_stripe__invoice_line_items') }} as lines
    left join invoices
        on lines.invoice_id = invoices.invoice_id
    left join {{ ref('stg_stripe__subscriptions') }} as subscriptions
        on lines.subscription_id = subscriptions.subscription_id
    where invoices.invoice_id is null
    group by lines.invoice_id

),

final as (

    select
        counted.*,
        coalesce(customers.customer_id, 'unattributed') as customer_id,
        exponents.exponent
    from counted
    left join {{ ref('int_stripe_customers_resolved') }} as customers
        on counted.stripe_customer_id = customers.stripe_customer_id
    left join {{ ref('currency_exponents') }} as exponents
        on counted.currency = exponents.currency

)

select * from final
