-- Which source is the bill of a provider's month: the first of var bill_source_priority that has a line in it. The same
-- dollars may have come as an invoice line, a cloud's charge and a cost report; the others are only compared.
-- Grain: one row per bill_id and period_start_date, a month (UTC) that the line's service period touches.
-- decisions.md, One bill source.
{{ config(materialized='table') }}
with

bills as (

    select * from {{ ref('int_bills_landed') }}

),

names as (

    select * from {{ ref('int_names_resolved') }}

),

digits as (

    select digit from (values (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)) as names (digit)

),

month_numbers as (

    select ones.digit + 10 * tens.digit + 100 * hundreds.digit as month_number
    from digits as ones
    cross join digits as tens
    cross join digits as hundreds

),

months as (

    select
        bills.bill_id,
        bills.source_name,
        coalesce(names.resolved_provider, bills.provider) as resolved_provider,
        cast({{ dbt.dateadd(
            'month', 'month_numbers.month_number', dbt.date_trunc('month', 'bills.period_from_date')
        ) }} as date) as period_start_date,
        bills.period_to_date
    from bills
    inner join month_numbers
        on month_numbers.month_number <= {{ dbt.datediff('bills.period_from_date', 'bills.period_to_date', 'month') }}
    left join names
        on bills.provider = names.provider
        and coalesce(bills.model, '') = names.model
        and bills.period_from_date >= names.valid_from_date
        and bills.period_from_date < names.valid_to_date

),

ranked as (

    select
        bill_id,
        period_start_date,
        resolved_provider,
        source_name,
        case source_name
            {% for source_name in var('bill_source_priority') -%}
            when '{{ source_name }}' then {{ loop.index }}
            {% endfor -%}
            else {{ var('bill_source_priority') | length + 1 }}
        end as source_rank
    from months
    where period_start_date < period_to_date

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
