-- Invoices, the newest version of each. Those in test mode stay, marked: their lines count for nothing either.
-- Grain: one row per invoice_id.
with

source as (

    select * from {{ source('raw', 'stripe_invoices') }}

),

renamed as (

    select

        ---------- ids
        id as invoice_id,
        customer_id as stripe_customer_id,
        subscription_id,
        charge_id,
        payment_intent as payment_intent_id,

        ---------- strings
        status as invoice_status,
        upper(currency) as currency,

        ---------- dates, UTC; the invoice is made when it stops being a draft
        cast(created as date) as created_date,
        cast(coalesce(finalized_at, created) as date) as invoiced_date,
        cast(paid_at as date) as paid_date,
        cast(voided_at as date) as voided_date,
        cast(marked_uncollectible_at as date) as uncollectible_date,
        period_start as period_start_at,
        period_end as period_end_at,

        ---------- amounts, in the minor unit
        total as total_minor_units,
        coalesce(tax, total - total_excluding_tax, 0) as tax_minor_units,
        coalesce(total - tax, total_excluding_tax, total) as untaxed_minor_units,
        coalesce(amount_paid, 0) as paid_minor_units,
        -- A negative balance is money the customer has with us: what the invoice took of it is paid.
        coalesce(greatest(ending_balance - starting_balance, 0), 0) as balance_applied_minor_units,

        ---------- flags
        coalesce(livemode, true) as is_live,

        ---------- versions
        row_number() over (
            partition by id
            order by _load_id desc nulls last, _source_row desc nulls last
        ) as version_rank

    from source

)

select
    invoice_id,
    stripe_customer_id,
    subscription_id,
    charge_id,
    payment_intent_id,
    invoice_status,
    currency,
    created_date,
    invoiced_date,
    paid_date,
    voided_date,
    uncollectible_date,
    period_start_at,
    period_end_at,
    total_minor_units,
    tax_minor_units,
    untaxed_minor_units,
    paid_minor_units,
    balance_applied_minor_units,
    is_live
from renamed
where version_rank = 1
