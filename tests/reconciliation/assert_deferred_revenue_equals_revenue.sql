-- What the roll-forward recognises in US dollars each month, against the same lines after conversion at rate 1.
with

as_of as (

    select * from {{ ref('int_as_of_date') }}

),

expected as (

    select
        cast({{ dbt.date_trunc('month', 'lines.revenue_date') }} as date) as period_start_date,
        {{ cost_sum('lines.revenue_usd') }} as recognised_amount
    from {{ ref('int_revenue_lines_daily') }} as lines
    inner join as_of
        on lines.revenue_date <= as_of.as_of_date
    where lines.currency = 'USD'
    group by period_start_date

)

select
    mart.period_start_date,
    mart.recognised_amount,
    expected.recognised_amount as expected_amount
from {{ ref('deferred_revenue_monthly') }} as mart
left join expected
    on mart.period_start_date = expected.period_start_date
where
    mart.currency = 'USD'
    and mart.recognised_amount <> coalesce(expected.recognised_amount, 0)
