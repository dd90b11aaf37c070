-- Invoice lines cut at calendar months (UTC), in USD. From here on a line is such a piece.
-- Grain: one row per line_id (bill_id and month).
-- Tax and credit lines are in here and are never cost: filter is_cost.
-- decisions.md, Bill months.
{{ config(materialized='table') }}
with

bills as (

    select * from {{ ref('int_bills_landed') }}

),

months_chosen as (

    select * from {{ ref('int_bill_months_chosen') }}

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
        bills.billed_amount,
        bills.period_from_date,
        bills.period_to_date,
        cast({{ dbt.dateadd(
            'month', 'month_numbers.month_number', dbt.date_trunc('month', 'bills.period_from_date')
        ) }} as date) as month_from_date,
        cast({{ dbt.dateadd(
            'month', 'month_numbers.month_number + 1', dbt.date_trunc('month', 'bills.period_from_date')
        ) }} as date) as month_to_date
    from bills
    cross join month_numbers

),

cut as (

    select
        bill_id,
        billed_amount,
        month_from_date as period_start_date,
        greatest(month_from_date, period_from_date) as from_date,
        least(month_to_date, period_to_date) as to_date,
        {{ dbt.datediff('period_from_date', 'period_to_date', 'day') }}
            as bill_day_count
    from months
    where month_from_date < period_to_date

),

counted as (

    select
        *,
        {{ dbt.datediff('from_date', 'to_date', 'day') }} as day_count
    from cut

),

shared as (

    select
        *,
        {{ shared_part('billed_amount', 'day_count', 'bill_day_count') }} as month_amount,
        row_number() over (partition by bill_id order by period_start_date desc) as rank_from_end
    from counted

),

pieces as (

    -- The last piece takes the rounding.
    select
        bill_id,
        period_start_date,
        from_date,
        to_date,
        day_count,
        case
            when rank_from_end > 1 then month_amount
            else {{ money('billed_amount - ' ~ money(
                'coalesce(sum(month_amount) over (partition by bill_id order by period_start_date asc'
                ~ ' rows between unbounded preceding and 1 preceding), 0)'
            )) }}
        end as billed_amount
    from shared

),

final as (

    select
        bills.bill_id || '|' || cast(pieces.period_start_date as string) as line_id,
        bills.bill_id,
        bills.invoice_id,
        pieces.period_start_date,
        pieces.from_date,
        pieces.to_date,
        cast(pieces.day_count as bigint) as day_count,
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
    -- Of a provider's month one source is the bill.
    inner join months_chosen
        on pieces.bill_id = months_chosen.bill_id
        and pieces.period_start_date = months_chosen.period_start_date
        and months_chosen.is_bill
    left join providers
        on bills.provider = providers.provider
        and bills.model_tag is not distinct from providers.model_tag
        and bills.period_from_date = providers.period_from_date
    left join customers
        on bills.customer_id = customers.customer_id
    -- The rate of the last day of the whole service period, for every month of it.
    left join rates
        on bills.currency = rates.currency
        and cast({{ dbt.dateadd('day', -1, 'bills.period_to_date') }} as date) = rates.rate_date

)

select * from final
