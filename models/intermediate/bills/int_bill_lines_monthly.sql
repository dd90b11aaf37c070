-- Invoice lines cut at calendar months (UTC), in USD, of the one source that is the provider's bill of the month. From here
-- on a line is such a piece.
-- Grain: one row per line_id (bill_id and month).
-- Tax and credit lines are in here and are never cost: filter is_cost.
-- decisions.md, Bill months.
{{ config(materialized='table') }}
with

bills as (

    select * from {{ ref('int_bills_landed') }}

),

providers as (

    select * from {{ ref('int_bill_providers_resolved') }}

),

customers as (

    select * from {{ ref('int_customers_resolved') }}

),

rates as (

    select * from {{ ref('int_fx_rates_daily') }}

),

pieces as (

    select * from {{ ref('int_bill_pieces_monthly') }}

),

sources as (

    select * from {{ ref('int_bill_sources_chosen') }}
    where is_bill

),

final as (

    select
        pieces.line_id,
        pieces.bill_id,
        bills.invoice_id,
        pieces.period_start_date,
        pieces.from_date,
        pieces.to_date,
        pieces.day_count,
        bills.provider,
        coalesce(providers.resolved_provider, bills.provider) as resolved_provider,
        bills.component,
        bills.kind,
        bills.kind in ('usage', 'commitment', 'adjustment') as is_cost,
        bills.model_tag,
        bills.model,
        coalesce(providers.resolved_model, bills.model) as resolved_model,
        coalesce(customers.resolved_customer_id, bills.customer_id) as customer_id,
        bills.feature,
        bills.service_tier,
        bills.currency,
        pieces.billed_amount,
        case
            when bills.currency = 'USD' then pieces.billed_amount
            else {{ converted('pieces.billed_amount', 'rates.usd_per_unit') }}
        end as billed_usd
    from pieces
    inner join bills
        on pieces.bill_id = bills.bill_id
    left join providers
        on bills.provider = providers.provider
        and bills.model_tag is not distinct from providers.model_tag
        and bills.period_from_date = providers.period_from_date
    -- Of a provider's month one source is the bill.
    inner join sources
        on coalesce(providers.resolved_provider, bills.provider) = sources.resolved_provider
        and pieces.period_start_date = sources.period_start_date
        and bills.source_name = sources.source_name
    left join customers
        on bills.customer_id = customers.customer_id
    -- The rate of the last day of the whole service period, for every month of it.
    left join rates
        on bills.currency = rates.currency
        and cast({{ dbt.dateadd('day', -1, 'bills.period_to_date') }} as date) = rates.rate_date

)

select * from final
