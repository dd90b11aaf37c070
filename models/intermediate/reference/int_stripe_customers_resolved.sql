-- The customer behind each Stripe customer: by the seed stripe_customer_map, else by the key in Stripe's metadata, else
-- by the CRM's Stripe id, else itself.
-- Grain: one row per stripe_customer_id named by a customer, an invoice or a charge in Stripe.
-- A Stripe id that two accounts claim belongs to the one that said so last.
-- A table: lines, charges, credits and the models of customers read it.
{{ config(materialized='table') }}

with

stripe_customers as (

    select * from {{ ref('stg_stripe__customers') }}

),

accounts as (

    select * from {{ ref('int_crm_accounts') }}

),

settled as (

    select
        trim(stripe_customer_id) as stripe_customer_id,
        trim(customer_id) as customer_id
    from {{ ref('stripe_customer_map') }}

),

resolved as (

    select * from {{ ref('int_customers_resolved') }}

),

named as (

    select stripe_customer_id from stripe_customers

    union

    select stripe_customer_id from {{ ref('stg_stripe__invoices') }}
    where is_live

    union

    select stripe_customer_id from {{ ref('stg_stripe__charges') }}
    where stripe_customer_id is not null and is_live

    union

    select stripe_customer_id from {{ ref('stg_stripe__subscriptions') }}

),

claims as (

    select
        stripe_customer_id,
        customer_id,
        row_number() over (
            partition by stripe_customer_id
            order by
                updated_at desc nulls last, _load_id desc nulls last, _source_row desc nulls last,
                customer_id asc nulls last
        ) as claim_rank
    from accounts
    where stripe_customer_id is not null

),

keyed as (

    select
        named.stripe_customer_id,
        stripe_customers.customer_name,
        coalesce(
            settled.customer_id, stripe_customers.crm_customer_id, claims.customer_id, named.stripe_customer_id
        ) as customer_id,
        stripe_customers.email_domain,
        settled.customer_id is not null as is_settled
    from named
    left join settled
        on named.stripe_customer_id = settled.stripe_customer_id
    left join stripe_customers
        on named.stripe_customer_id = stripe_customers.stripe_customer_id
    left join claims
        on
            named.stripe_customer_id = claims.stripe_customer_id
            and claims.claim_rank = 1

),

final as (

    select
        keyed.stripe_customer_id,
        {{ dimension_word('coalesce(resolved.resolved_customer_id, keyed.customer_id)') }} as customer_id,
        keyed.customer_name,
        keyed.email_domain,
        resolved.customer_id is not null as is_in_crm,
        keyed.is_settled
    from keyed
    left join resolved
        on keyed.customer_id = resolved.customer_id

)

select * from final
