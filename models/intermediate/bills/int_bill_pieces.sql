-- Invoice lines cut at calendar months (UTC), in proportion to their days; the last piece takes the rounding.
-- Grain: one row per bill_id and period_start_date (month).
-- decisions.md, Bill months.
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

-- Few service periods, many lines: the periods are cut, the lines only look them up.
periods as (

    select distinct
        period_from_date,
        period_to_date,
        cast({{ dbt.date_trunc('month', 'period_from_date') }} as date) as first_month_date,
        {{ dbt.datediff('period_from_date', 'period_to_date', 'month') }} as last_month_number
    from bills

),

months as (

    select
        periods.*,
        cast({{ dbt.dateadd('month', 'month_numbers.month_number', 'periods.first_month_date') }} as date)
            as month_from_date,
        cast({{ dbt.dateadd('month', 'month_numbers.month_number + 1', 'periods.first_month_date') }} as date)
            as month_to_date
    from periods
    inner join month_numbers
        on periods.last_month_number >= month_numbers.month_number

),

cut as (

    select
        period_from_date,
        period_to_date,
        month_from_date as period_start_date,
        greatest(month_from_date, period_from_date) as from_date,
        least(month_to_date, period_to_date) as to_date
    from months
    where month_from_date < period_to_date

),

shared as (

    select
        bills.bill_id,
        bills.billed_amount,
        cut.period_start_date,
        cut.from_date,
        cut.to_date,
        {{ dbt.datediff('cut.from_date', 'cut.to_date', 'day') }} as day_count,
        {{ shared_part(
            'bills.billed_amount',
            dbt.datediff('cut.from_date', 'cut.to_date', 'day'),
            dbt.datediff('cut.period_from_date', 'cut.period_to_date', 'day')
        ) }} as month_amount,
        row_number() over (partition by bills.bill_id order by cut.period_start_date desc) as rank_from_end
    from bills
    inner join cut
        on bills.period_from_date = cut.period_from_date
        and bills.period_to_date = cut.period_to_date

),

final as (

    select
        bill_id,
        period_start_date,
        from_date,
        to_date,
        cast(day_count as bigint) as day_count,
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
