-- Cutting bills at months neither loses nor makes a cent: the pieces of each landed bill add up to its amount, in its
-- own currency, to the last digit, and its days to its service period; what is not cost yet is prepaid, to the last
-- digit. A bill of which some month is another source's is left out: assert_bill_months_are_lines_or_compared looks
-- after it.
with

bills as (

    select
        bill_id,
        billed_amount,
        {{ dbt.datediff('period_from_date', 'period_to_date', 'day') }}
            as day_count
    from {{ ref('int_bills_landed') }}
    where bill_id not in (
        select months.bill_id from {{ ref('int_bill_months_chosen') }} as months
        where not months.is_bill
    )

),

pieces as (

    select
        bill_id,
        {{ cost_sum('billed_amount') }} as billed_amount,
        count(*) filter (where is_cost and billed_usd <> recognised_usd + prepaid_usd) as broken_count,
        cast(sum(day_count) as bigint) as day_count
    from {{ ref('int_bill_lines_monthly') }}
    where bill_id not in (
        select months.bill_id from {{ ref('int_bill_months_chosen') }} as months
        where not months.is_bill
    )
    group by bill_id

)

select
    bills.bill_id,
    bills.billed_amount,
    pieces.billed_amount as pieces_amount
from bills
full outer join pieces
    on bills.bill_id = pieces.bill_id
where
    bills.billed_amount is distinct from pieces.billed_amount
    or bills.day_count is distinct from pieces.day_count
    or pieces.broken_count > 0
