-- Which source is the bill of a provider's month: the first of var bill_source_priority that has a line in it. The same
-- dollars may have come as an invoice line, a cloud's charge and a cost report; the others are only compared.
-- Grain: one row per bill_id and period_start_date, a month (UTC) that the line's service period touches.
-- decisions.md, One bill source.
{{ config(materialized='table') }}
with

bills as (

    select * from {{ ref('int_bills_landed') }}

),

pieces as (

    select * from {{ ref('int_bill_pieces') }}

),

names as (

    select * from {{ ref('int_bill_names_monthly') }}

),

months as (

    select
        pieces.bill_id,
        pieces.period_start_date,
        bills.source_name,
        coalesce(names.resolved_provider, bills.provider) as resolved_provider
    from pieces
    inner join bills
        on pieces.bill_id = bills.bill_id
    left join names
        on bills.provider = names.provider
        and coalesce(bills.model, '') = names.model
        and pieces.from_date = names.from_date

),

ranked as (

    select
        bill_id,
        period_start_date,
        resolved_provider,
        source_name,
        {{ source_rank('source_name', 'bill_source_priority') }} as source_rank
    from months

),

final as (

    select
        bill_id,
        period_start_date,
        resolved_provider,
        source_name,
        source_rank = min(source_rank) over (partition by resolved_provider, period_start_date) as is_bill
    from ranked

)

select * from final
