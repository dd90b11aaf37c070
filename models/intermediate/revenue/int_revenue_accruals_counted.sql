-- Service used and not invoiced yet, as long as no line that bills it is landed: of the same customer and product, of a
-- period that overlaps, and not of a licensed recurring price. An accrual without a product gives way to any such line.
-- Grain: one row per accrual_id.
-- A table: what it is made of is dear to work out again.
{{ config(materialized='table') }}

with

accruals as (

    select * from {{ ref('stg_canonical__revenue_accruals') }}

),

resolved as (

    select * from {{ ref('int_customers_resolved') }}

),

stripe_customers as (

    select * from {{ ref('int_stripe_customers_resolved') }}

),

named as (

    select
        accruals.*,
        coalesce(
            {{ source_word('resolved.resolved_customer_id') }},
            stripe_customers.customer_id,
            {{ source_word('accruals.customer_id') }}
        ) as resolved_customer_id
    from accruals
    left join resolved
        on accruals.customer_id = resolved.customer_id
    left join stripe_customers
        on accruals.customer_id = stripe_customers.stripe_customer_id

),

billed as (

    select
        customer_id,
        product_id,
        coalesce(service_start_at, cast(invoiced_date as timestamp)) as service_start_at,
        coalesce(service_end_at, cast(invoiced_date as timestamp)) as service_end_at
    from {{ ref('int_invoice_lines_dated') }}
    where line_kind = 'line' and coalesce(usage_type, '') <> 'licensed'

),

replaced as (

    select distinct named.accrual_id
    from named
    inner join billed
        on
            named.resolved_customer_id = billed.customer_id
            and coalesce(named.product_id, billed.product_id, '') = coalesce(billed.product_id, '')
            and named.service_end_at > billed.service_start_at
            and (
                named.service_start_at < billed.service_end_at
                or named.service_start_at = billed.service_start_at
            )

),

final as (

    select
        named.accrual_id,
        named.resolved_customer_id as customer_id,
        named.product_id,
        named.currency,
        named.service_start_at,
        named.service_end_at,
        named.accrued_amount
    from named
    left join replaced
        on named.accrual_id = replaced.accrual_id
    where replaced.accrual_id is null

)

select * from final
