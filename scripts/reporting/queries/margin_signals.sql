-- Signals that the price does not follow the cost, in the month shown. Grain: one row per signal and scope that fires.
select signals.signal, signals.scope, cast(signals.value as double) as signal_value, signals.action
from marts.margin_signals_monthly as signals
inner join page_dates
    on signals.period_start_date = page_dates.month_date
where signals.is_firing
order by signals.signal asc nulls last, signals.scope asc nulls last
