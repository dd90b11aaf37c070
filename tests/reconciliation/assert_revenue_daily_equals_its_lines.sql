-- Recognised USD by month, from single lines and what is booked on a day, against the fact; and the same in US dollars
-- against the balance of invoiced service, which knows months only. A line joined twice to a share or a product would
-- double its revenue; a reduction that is not in both would leave the balance open. Bad debt, in each currency, is what
-- was given up for good of it.
with

as_of as (

    select * from {{ ref('int_as_of_date') }}

),

entries as (

    select
        daily.revenue_date,
        lines.currency = 'USD' and daily.line_kind <> 'charge' as is_deferrable,
        daily.revenue_usd
    from {{ ref('int_revenue_lines_daily') }} as daily
    inner join {{ ref('int_invoice_lines_priced') }} as lines
        on daily.invoice_line_id = lines.invoice_line_id

    union all

    select
        revenue_date,
        currency = 'USD' and line_kind <> 'charge' as is_deferrable,
        adjustment_usd as revenue_usd
    from {{ ref('int_revenue_adjustments') }}

),

given_up as (

    select
        cast({{ dbt.date_trunc('month', 'adjustments.revenue_date') }} as date) as month_date,
        adjustments.currency,
        {{ cost_sum('-1 * adjustments.adjustment_amount') }} as bad_debt_amount
    from {{ ref('int_revenue_adjustments') }} as adjustments
    inner join as_of
        on adjustments.revenue_date <= as_of.as_of_date
    where
        adjustments.line_kind <> 'charge'
        and adjustments.adjustment_kind in ('uncollectible', 'paid_before', 'paid_after_all')
    group by
        month_date,
        adjustments.currency

),

expected as (

    select
        cast({{ dbt.date_trunc('month', 'entries.revenue_date') }} as date) as month_date,
        {{ cost_sum('entries.revenue_usd') }} as revenue_usd,
        {{ cost_sum('entries.revenue_usd', 'entries.is_deferrable') }} as deferrable_usd
    from entries
    inner join as_of
        on entries.revenue_date <= as_of.as_of_date
    group by month_date

),

fact as (

    select
        cast({{ dbt.date_trunc('month', 'revenue_date') }} as date) as month_date,
        {{ cost_sum('revenue_usd') }} as revenue_usd
    from {{ ref('fct_revenue_daily') }}
    group by month_date

),

balance as (

    select
        period_start_date,
        recognised_amount
    from {{ ref('deferred_revenue_monthly') }}
    where currency = 'USD'

)

select
    coalesce(expected.month_date, fact.month_date, balance.period_start_date) as month_date,
    expected.revenue_usd as expected_revenue_usd,
    fact.revenue_usd,
    expected.deferrable_usd as expected_deferrable_usd,
    balance.recognised_amount
from expected
full outer join fact
    on expected.month_date = fact.month_date
full outer join balance
    on expected.month_date = balance.period_start_date
where
    coalesce(expected.revenue_usd, 0) <> coalesce(fact.revenue_usd, 0)
    or coalesce(expected.deferrable_usd, 0) <> coalesce(balance.recognised_amount, 0)

union all

select
    coalesce(given_up.month_date, balance.period_start_date) as month_date,
    given_up.bad_debt_amount as expected_revenue_usd,
    balance.bad_debt_amount as revenue_usd,
    {{ money('0') }} as expected_deferrable_usd,
    {{ money('0') }} as recognised_amount
from given_up
full outer join {{ ref('deferred_revenue_monthly') }} as balance
    on given_up.month_date = balance.period_start_date
    and given_up.currency = balance.currency
where coalesce(given_up.bad_debt_amount, 0) <> coalesce(balance.bad_debt_amount, 0)
