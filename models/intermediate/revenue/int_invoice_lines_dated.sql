-- Everything that is recognised by itself: lines of invoices, what lines lack of an invoice, and charges that settle no
-- invoice; with its period of service and the day it is recognised on when it has none.
-- Grain: one row per invoice_line_id.
-- A table: all revenue is made of it.
{{ config(materialized='table') }}

with

invoices as (

    select * from {{ ref('int_invoices_counted') }}

),

grants as (

    -- Credits bought ahead are owed until they are used (int_reductions_requested) or expire.
    select
        invoice_id,
        max(coalesce(expired_date, cast('9999-12-30' as date))) as expired_date
    from {{ ref('stg_stripe__credit_grants') }}
    where coalesce(grant_category, 'paid') = 'paid' and invoice_id is not null
    group by invoice_id

),

lines as (

    select
        invoice_line_id,
        line_id,
        invoice_id,
        'line' as line_kind,
        price_id,
        product_id,
        subscription_id,
        service_start_at,
        service_end_at,
        quantity,
        is_proration,
        is_recurring,
        {{ money('untaxed_minor_units - promotional_minor_units') }} as net_minor_units
    from {{ ref('int_invoice_lines_netted') }}

    union all

    select
        invoice_id || ':unexplained' as invoice_line_id,
        'unexplained' as line_id,
        invoice_id,
        'unexplained' as line_kind,
        cast(null as string) as price_id,
        cast(null as string) as product_id,
        cast(null as string) as subscription_id,
        service_start_at,
        service_end_at,
        cast(null as bigint) as quantity,
        false as is_proration,
        false as is_recurring,
        unexplained_minor_units as net_minor_units
    from {{ ref('int_invoice_lines_unexplained') }}

    union all

    select
        charge_id as invoice_line_id,
        charge_id as line_id,
        charge_id as invoice_id,
        'charge' as line_kind,
        cast(null as string) as price_id,
        product_id,
        cast(null as string) as subscription_id,
        cast(null as timestamp) as service_start_at,
        cast(null as timestamp) as service_end_at,
        cast(null as bigint) as quantity,
        false as is_proration,
        false as is_recurring,
        {{ money('amount_minor_units') }} as net_minor_units
    from {{ ref('int_charges_tied') }}
    where invoice_id is null

),

final as (

    select
        lines.invoice_line_id,
        lines.line_id,
        lines.invoice_id,
        lines.line_kind,
        lines.price_id,
        coalesce(lines.product_id, prices.product_id) as product_id,
        lines.subscription_id,
        lines.service_start_at,
        lines.service_end_at,
        lines.quantity,
        lines.is_proration,
        invoices.customer_id,
        invoices.stripe_customer_id,
        invoices.invoice_status,
        invoices.currency,
        invoices.created_date,
        coalesce(invoices.invoiced_date, cast(lines.service_start_at as date), cast('9999-12-30' as date)) as invoiced_date,
        {{ from_minor_units('lines.net_minor_units', 'invoices.exponent') }} as net_amount,
        -- A recurring line is licensed unless its price says otherwise; one whose price was not landed says nothing.
        coalesce(
            prices.usage_type, case when lines.is_recurring and prices.price_id is not null then 'licensed' end
        ) as usage_type,
        lines.is_recurring,
        grants.expired_date as credits_expired_date
    from lines
    inner join invoices
        on lines.invoice_id = invoices.invoice_id
    left join grants
        on lines.invoice_id = grants.invoice_id
    left join {{ ref('stg_stripe__prices') }} as prices
        on lines.price_id = prices.price_id

)

select * from final
