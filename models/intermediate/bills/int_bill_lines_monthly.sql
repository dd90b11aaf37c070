-- Invoice lines cut at calendar months (UTC), in USD, with what their names mean. From here on a line is such a piece.
-- Grain: one row per line_id (bill_id and month).
-- Tax and credit lines are in here and are never cost: filter is_cost. What is billed for days after as_of_date is not
-- cost yet: recognised_usd is what counts, for the days up to recognised_to_date. decisions.md, Bill months.
{{ config(materialized='table') }}
with

pieces as (

    select * from {{ ref('int_bill_pieces') }}

),

bills as (

    select * from {{ ref('int_bills_landed') }}

),

months_chosen as (

    select * from {{ ref('int_bill_months_chosen') }}

),

names as (

    select * from {{ ref('int_bill_names_monthly') }}

),

customers as (

    select * from {{ ref('int_customers_resolved') }}

),

rates as (

    select * from {{ ref('int_fx_rates_daily') }}

),

as_of as (

    select * from {{ ref('int_as_of_date') }}

),

joined as (

    select
        bills.bill_id || '|' || cast(pieces.period_start_date as string) as line_id,
        bills.*,
        pieces.period_start_date,
        pieces.from_date,
        pieces.to_date,
        pieces.day_count,
        pieces.billed_amount as piece_amount,
        least(
            pieces.to_date,
            greatest(pieces.from_date, cast({{ dbt.dateadd('day', 1, 'as_of.as_of_date') }} as date))
        ) as recognised_to_date,
        names.resolved_provider,
        names.resolved_model,
        names.model_tag as month_model_tag,
        names.resolved_model_tag,
        customers.resolved_customer_id,
        case
            when bills.currency = 'USD' then pieces.billed_amount
            else {{ converted('pieces.billed_amount', 'rates.usd_per_unit') }}
        end as billed_usd
    from pieces
    inner join bills
        on pieces.bill_id = bills.bill_id
    cross join as_of
    -- Of a provider's month one source is the bill.
    inner join months_chosen
        on pieces.bill_id = months_chosen.bill_id
        and pieces.period_start_date = months_chosen.period_start_date
        and months_chosen.is_bill
    left join names
        on bills.provider = names.provider
        and coalesce(bills.model, '') = names.model
        and pieces.from_date = names.from_date
    left join customers
        on bills.customer_id = customers.customer_id
    -- The rate of the last day of the whole service period, for every month of it; while that is open, of as_of_date.
    left join rates
        on bills.currency = rates.currency
        and least(cast({{ dbt.dateadd('day', -1, 'bills.period_to_date') }} as date), as_of.as_of_date)
        = rates.rate_date

),

counted as (

    select
        *,
        kind in ('usage', 'commitment', 'adjustment') as is_cost,
        cast({{ dbt.datediff('from_date', 'recognised_to_date', 'day') }} as bigint) as recognised_day_count
    from joined

),

recognised as (

    select
        *,
        {{ shared_part('billed_usd', 'recognised_day_count', 'day_count') }} as recognised_usd
    from counted

),

final as (

    select
        line_id,
        bill_id,
        invoice_id,
        period_start_date,
        from_date,
        to_date,
        day_count,
        recognised_to_date,
        recognised_day_count,
        {{ source_word('provider') }} as provider,
        resolved_provider,
        component,
        kind,
        is_cost,
        month_model_tag as model_tag,
        resolved_model_tag,
        model,
        resolved_model,
        {{ source_word('coalesce(resolved_customer_id, customer_id)') }} as customer_id,
        {{ source_word('feature') }} as feature,
        service_tier,
        currency,
        piece_amount as billed_amount,
        billed_usd,
        {{ money('case when is_cost then recognised_usd else 0 end') }} as recognised_usd,
        {{ money('case when is_cost then billed_usd - recognised_usd else 0 end') }} as prepaid_usd
    from recognised

)

select * from final
