-- What the previous release reported as revenue, with the customer that carries it today: who it was merged into,
-- or the account that a payer who was a customer of its own turned out to be.
-- Grain: one row per customer_id (as reported) and period_start_date.
with

revenue as (

    select * from {{ ref('stg_publishing__revenue') }}

),

customers as (

    select * from {{ ref('int_customers_resolved') }}

),

payers as (

    select * from {{ ref('int_stripe_customers_resolved') }}

),

final as (

    select
        revenue.release_id,
        revenue.reported_to_date,
        revenue.customer_id,
        coalesce(
            {{ source_word('customers.resolved_customer_id') }}, payers.customer_id, revenue.customer_id
        ) as today_customer_id,
        revenue.period_start_date,
        revenue.revenue_usd
    from revenue
    left join customers
        on revenue.customer_id = {{ source_word('customers.customer_id') }}
    left join payers
        on revenue.customer_id = payers.stripe_customer_id

)

select * from final
