-- What customers were invoiced for service still to come, rolled forward in the currency of the invoices.
-- Grain: one row per period_start_date and currency, from the first month with an entry to that of as_of_date.
-- opening + invoiced - recognised - cancelled = closing. Charges without an invoice are never deferred: they stand
-- aside, as do notes and refunds that found no day left to cancel. Revenue = recognised + charged - reduced.
with

as_of as (

    select * from {{ ref('int_as_of_date') }}

),

lines as (

    select * from {{ ref('int_invoice_lines_priced') }}

),

reductions as (

    select * from {{ ref('int_reductions_excess') }}

),

entries as (

    select
        invoiced_date as entry_date,
        currency,
        'invoiced' as entry_kind,
        net_amount as entry_amount
    from lines

    union all

    select
        invoiced_date as entry_date,
        currency,
        'bad_debt' as entry_kind,
        net_amount as entry_amount
    from lines
    where invoice_status = 'uncollectible'

    union all

    select
        revenue_date as entry_date,
        currency,
        'recognised' as entry_kind,
        revenue_amount as entry_amount
    from {{ ref('int_revenue_lines_daily') }}

    union all

    select
        reduced_date as entry_date,
        currency,
        'cancelled' as entry_kind,
        cancelled_amount as entry_amount
    from reductions

    union all

    select
        reduced_date as entry_date,
        currency,
        'reduced' as entry_kind,
        excess_amount as entry_amount
    from reductions

    union all

    select
        revenue_date as entry_date,
        currency,
        'charged' as entry_kind,
        revenue_amount as entry_amount
    from {{ ref('int_charges_recognised') }}

),

monthly as (

    select
        cast({{ dbt.date_trunc('month', 'entries.entry_date') }} as date) as period_start_date,
        entries.currency,
        {% for kind in ['invoiced', 'recognised', 'cancelled', 'reduced', 'charged', 'bad_debt'] -%}
        {{ cost_sum('entries.entry_amount', "entries.entry_kind = '" ~ kind ~ "'") }} as {{ kind }}_amount
        {{- ',' if not loop.last }}
        {% endfor %}
    from entries
    inner join as_of
        on entries.entry_date <= as_of.as_of_date
    group by
        period_start_date,
        entries.currency

),

first_months as (

    select
        currency,
        min(period_start_date) as first_month_date
    from monthly
    group by currency

),

months as (

    -- Every month from the first on: a month without an entry carries its balance.
    select
        currency,
        period_start_date
    from monthly

    union

    select
        first_months.currency,
        dates.month_start_date as period_start_date
    from first_months
    inner join {{ ref('dim_dates') }} as dates
        on first_months.first_month_date <= dates.month_start_date
    inner join as_of
        on dates.month_start_date <= as_of.as_of_date

),

filled as (

    select
        months.period_start_date,
        months.currency,
        {% for kind in ['invoiced', 'recognised', 'cancelled', 'reduced', 'charged', 'bad_debt'] -%}
        {{ money('coalesce(monthly.' ~ kind ~ '_amount, 0)') }} as {{ kind }}_amount
        {{- ',' if not loop.last }}
        {% endfor %}
    from months
    left join monthly
        on
            months.period_start_date = monthly.period_start_date
            and months.currency = monthly.currency

),

balanced as (

    select
        *,
        {{ money('sum(invoiced_amount - recognised_amount - cancelled_amount) over (
            partition by currency
            order by period_start_date asc nulls last
            rows between unbounded preceding and current row
        )') }} as closing_amount
    from filled

)

select
    period_start_date,
    currency,
    {{ money('closing_amount - invoiced_amount + recognised_amount + cancelled_amount') }} as opening_amount,
    invoiced_amount,
    recognised_amount,
    cancelled_amount,
    closing_amount,
    charged_amount,
    reduced_amount,
    bad_debt_amount
from balanced
