-- Which source is the bill of a provider's month: the first of var bill_source_priority that has a line in it. The same
-- dollars may have come as an invoice line, a cloud's charge and a cost report; the others are only compared.
-- Grain: one row per resolved_provider, period_start_date and source_name.
with

pieces as (

    select * from {{ ref('int_bill_pieces_monthly') }}

),

bills as (

    select * from {{ ref('int_bills_landed') }}

),

providers as (

    select * from {{ ref('int_bill_providers_resolved') }}

),

sources as (

    select distinct
        coalesce(providers.resolved_provider, bills.provider) as resolved_provider,
        pieces.period_start_date,
        bills.source_name,
        case bills.source_name
            {% for source_name in var('bill_source_priority') -%}
            when '{{ source_name }}' then {{ loop.index }}
            {% endfor -%}
            else 99
        end as source_rank
    from pieces
    inner join bills
        on pieces.bill_id = bills.bill_id
    left join providers
        on bills.provider = providers.provider
        and bills.model_tag is not distinct from providers.model_tag
        and bills.period_from_date = providers.period_from_date

),

final as (

    select
        resolved_provider,
        period_start_date,
        source_name,
        row_number() over (
            partition by resolved_provider, period_start_date
            order by source_rank asc nulls last, source_name asc nulls last
        ) = 1 as is_bill
    from sources

)

select * from final
