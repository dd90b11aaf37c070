-- What customers were invoiced for service still to come, rolled forward in the currency of the invoices.
-- Grain: one row per period_start_date and currency, from the first month with an entry to that of as_of_date.
-- opening + invoiced - recognised - reduced = closing = deferred - unbilled. Recognised is revenue net of what
-- reductions took back of it; reduced is every reduction whole, bad debt in it. Charges that settle no invoice are
-- never deferred and stand outside, as other losses do.
with

as_of as (

    select * from {{ ref('int_as_of_date') }}

),

months as (

    select * from {{ ref('int_revenue_months') }}

),

entries as (

    select
        cast({{ dbt.date_trunc('month', 'entries.entry_date') }} as date) as period_start_date,
        entries.currency,
        {% for kind in ['invoiced', 'credits_used', 'credits_awaited', 'reduced', 'returned', 'bad_debt', 'other_loss'] -%}
        {{ cost_sum('entries.entry_amount', "entries.entry_kind = '" ~ kind ~ "'") }} as {{ kind }}_amount
        {{- ',' if not loop.last }}
        {% endfor %}
    from {{ ref('int_deferred_entries') }} as entries
    inner join as_of
        on entries.entry_date <= as_of.as_of_date
    group by
        period_start_date,
        entries.currency

),

balances as (

    select
        period_start_date,
        currency,
        {{ cost_sum('recognised_amount') }} as served_amount,
        {{ cost_sum('deferred_amount') }} as deferred_amount,
        {{ cost_sum('unbilled_amount') }} as unbilled_amount
    from {{ ref('int_revenue_lines_monthly') }}
    group by
        period_start_date,
        currency

),

first_months as (

    select
        currency,
        min(period_start_date) as first_month_date
    from (
        select
            currency,
            period_start_date
        from entries
        union all
        select
            currency,
            period_start_date
        from balances
    ) as all_months
    group by currency

),

filled as (

    select
        months.period_start_date,
        first_months.currency,
        {% for kind in ['invoiced', 'credits_used', 'credits_awaited', 'reduced', 'returned', 'bad_debt', 'other_loss'] -%}
        {{ money('coalesce(entries.' ~ kind ~ '_amount, 0)') }} as {{ kind }}_amount,
        {% endfor -%}
        {{ money('coalesce(balances.served_amount, 0)') }} as served_amount,
        -- Credits that wait for the invoice of use that is unbilled as yet are owed until then.
        {{ money('coalesce(balances.deferred_amount, 0) + sum(coalesce(entries.credits_awaited_amount, 0)) over (
            partition by first_months.currency
            order by months.period_start_date asc nulls last
        )') }} as deferred_amount,
        {{ money('coalesce(balances.unbilled_amount, 0)') }} as unbilled_amount
    from months
    inner join first_months
        on months.period_start_date >= first_months.first_month_date
    left join entries
        on
            months.period_start_date = entries.period_start_date
            and first_months.currency = entries.currency
    left join balances
        on
            months.period_start_date = balances.period_start_date
            and first_months.currency = balances.currency

),

closed as (

    select
        *,
        {{ money('deferred_amount - unbilled_amount') }} as closing_amount
    from filled

),

begun as (

    -- No period after as_of_date has a row.
    select
        closed.*,
        {{ is_complete('closed.period_start_date', 'month') }} as is_complete
    from closed
    inner join {{ ref('int_as_of_date') }} as as_of
        on closed.period_start_date <= as_of.as_of_date

),

final as (

    select
        period_start_date,
        currency,
        {{ money('coalesce(lag(closing_amount) over (
            partition by currency
            order by period_start_date asc nulls last
        ), 0)') }} as opening_amount,
        {{ money('invoiced_amount - credits_used_amount + credits_awaited_amount') }} as invoiced_amount,
        {{ money('served_amount + returned_amount') }} as recognised_amount,
        {{ money('reduced_amount - returned_amount') }} as reduced_amount,
        closing_amount,
        deferred_amount,
        unbilled_amount,
        bad_debt_amount,
        other_loss_amount,
        is_complete
    from begun

)

select * from final
