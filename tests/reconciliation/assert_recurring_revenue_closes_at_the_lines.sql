-- Closing MRR of the company from the lines live at the month's last second, in USD as the customers carry them; every
-- dimension holds the same whole, and what closes a month opens the next.
-- What it does not check: which lines are live (int_recurring_lines_live).
with

expected as (

    select
        mrr.period_start_date,
        {{ cost_sum('mrr.mrr_usd') }} as mrr_usd
    from {{ ref('int_customer_mrr') }} as mrr
    where mrr.period_grain = 'month' and not mrr.is_internal
    group by mrr.period_start_date

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

select
    coalesce(expected.period_start_date, actual.period_start_date) as period_start_date,
    actual.dimension,
    'closing is not that of the lines' as difference
from expected
full outer join actual
    on expected.period_start_date = actual.period_start_date
where coalesce(expected.mrr_usd, 0) <> coalesce(actual.closing_mrr_usd, 0)

union all

select
    period_start_date,
    dimension,
    'opening is not the closing before of ' || dimension_value as difference
from opened
