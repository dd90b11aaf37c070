-- Bill lines cut at calendar months (UTC), in their own currency: an amount is divided by days.
-- Grain: one row per line_id (bill_id and month).
-- decisions.md, Bill months.
{{ config(materialized='table') }}
with

bills as (

    select * from {{ ref('int_bills_landed') }}

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
    inner join month_numbers
        on month_numbers.month_number <= {{ dbt.datediff('bills.period_from_date', 'bills.period_to_date', 'month') }}

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

final as (

    select
        bill_id || '|' || cast(period_start_date as string) as line_id,
        bill_id,
        period_start_date,
        from_date,
        to_date,
        cast(day_count as bigint) as day_count,
        -- The last piece takes the rounding.
        case
            when rank_from_end > 1 then month_amount
            else {{ money('billed_amount - ' ~ money(
                'coalesce(sum(month_amount) over (partition by bill_id order by period_start_date asc'
                ~ ' rows between unbounded preceding and 1 preceding), 0)'
            )) }}
        end as billed_amount
    from shared

)

select * from final
