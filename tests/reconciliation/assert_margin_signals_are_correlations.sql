-- A rank correlation lies between -1 and 1, and every month with a paying customer has its signals.
select
    margins.period_start_date,
    signals.scope,
    signals.value
from {{ ref('customer_margins_monthly') }} as margins
inner join {{ ref('dim_customers') }} as customers
    on margins.customer_id = customers.customer_id
left join {{ ref('margin_signals_monthly') }} as signals
    on
        margins.period_start_date = signals.period_start_date
        and signals.signal = 'margin_falls_with_usage'
where
    margins.revenue_usd > 0
    and not customers.is_internal
    and margins.customer_id <> 'unattributed'
    and (signals.signal is null or abs(signals.value) > 1)
