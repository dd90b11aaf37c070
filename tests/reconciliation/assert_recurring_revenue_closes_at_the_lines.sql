-- Closing MRR of the company from single recurring lines of the month's last day, against the mart; every dimension
-- holds the same whole, and what closes a month opens the next.
with

expected as (

    select
        cast({{ dbt.date_trunc('month', 'lines.revenue_date') }} as date) as period_start_date,
        {{ cost_sum('lines.revenue_usd') }} as last_day_revenue_usd
    from {{ ref('int_revenue_lines_daily') }} as lines
    inner join {{ ref('int_as_of_date') }} as as_of
        on lines.revenue_date <= as_of.as_of_date
    inner join {{ ref('dim_customers') }} as customers
        on lines.customer_id = customers.customer_id
    where
        lines.is_recurring
        and not customers.is_internal
        and lines.revenue_date = {{ dbt.last_day('lines.revenue_date', 'month') }}
    group by period_start_date

),

actual as (

    select
        period_start_date,
        dimension,
        {{ cost_sum('closing_mrr_usd') }} as closing_mrr_usd
    from {{ ref('recurring_revenue_monthly') }}
    group by
        period_start_date,
        dimension

),

opened as (

    select
        next_month.period_start_date,
        next_month.dimension,
        next_month.dimension_value
    from {{ ref('recurring_revenue_monthly') }} as next_month
    left join {{ ref('recurring_revenue_monthly') }} as month_before
        on
            month_before.period_start_date
            = cast({{ dbt.dateadd('month', -1, 'next_month.period_start_date') }} as date)
            and next_month.dimension = month_before.dimension
            and next_month.dimension_value = month_before.dimension_value
    where next_month.opening_mrr_usd <> coalesce(month_before.closing_mrr_usd, 0)

)

-- A customer's MRR is rounded to 1e-12, so within a millionth.
select
    coalesce(expected.period_start_date, actual.period_start_date) as period_start_date,
    actual.dimension,
    'closing is not that of the lines' as difference
from expected
full outer join actual
    on expected.period_start_date = actual.period_start_date
where
    abs({{ ratio('coalesce(expected.last_day_revenue_usd, 0) * 365', '12') }} - coalesce(actual.closing_mrr_usd, 0))
    > 0.000001

union all

select
    period_start_date,
    dimension,
    'opening is not the closing before of ' || dimension_value as difference
from opened
