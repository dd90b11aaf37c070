-- Every month of a bill is a line, or another source is the provider's bill of that month: choosing the source loses
-- nothing else, and no billed month of a provider is left without a bill.
with

months as (

    select
        bill_id,
        period_start_date,
        resolved_provider,
        is_bill,
        max(case when is_bill then 1 else 0 end) over (
            partition by resolved_provider, period_start_date
        ) = 1 as has_bill
    from {{ ref('int_bill_months_chosen') }}

),

lines as (

    select * from {{ ref('int_bill_lines_monthly') }}

)

select
    coalesce(months.bill_id, lines.bill_id) as bill_id,
    coalesce(months.period_start_date, lines.period_start_date) as period_start_date
from months
full outer join lines
    on months.bill_id = lines.bill_id
    and months.period_start_date = lines.period_start_date
where
    months.is_bill is distinct from (lines.line_id is not null)
    or not months.has_bill
