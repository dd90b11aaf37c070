-- The spread between segments, worked out again from the margin mart's customers.
with

segments as (

    select
        margins.period_start_date,
        customers.segment,
        {{ ratio('sum(margins.gross_profit_usd)', 'sum(margins.revenue_usd)') }} as margin_ratio
    from {{ ref('customer_margins_monthly') }} as margins
    inner join {{ ref('dim_customers') }} as customers
        on margins.customer_id = customers.customer_id
    where
        margins.revenue_usd > 0
        and not customers.is_internal
        and margins.customer_id <> 'unattributed'
        and customers.segment <> 'unattributed'
    group by
        margins.period_start_date,
        customers.segment

),

expected as (

    select
        period_start_date,
        case when count(*) > 1 then max(margin_ratio) - min(margin_ratio) end as spread_ratio
    from segments
    group by period_start_date

),

actual as (

    select * from {{ ref('margin_signals_monthly') }}
    where signal = 'segments_far_apart'

)

select
    coalesce(expected.period_start_date, actual.period_start_date) as period_start_date,
    expected.spread_ratio as expected_spread_ratio,
    actual.value
from expected
full outer join actual
    on expected.period_start_date = actual.period_start_date
where expected.spread_ratio is distinct from actual.value
