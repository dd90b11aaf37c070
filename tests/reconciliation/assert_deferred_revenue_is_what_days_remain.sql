-- What is deferred at as_of_date, counted from the days still to come, against the roll-forward of invoices, recognised
-- days and cancelled ones. Invoices made after as_of_date are in neither.
with

as_of as (

    select * from {{ ref('int_as_of_date') }}

),

remaining as (

    select
        lines.currency,
        {{ money('case when lines.revenue_date > as_of.as_of_date then lines.revenue_amount else 0 end') }}
            as open_amount
    from {{ ref('int_revenue_lines_daily') }} as lines
    inner join as_of
        on lines.invoiced_date <= as_of.as_of_date

    union all

    -- Served before it was invoiced: recognised already, and invoiced only after as_of_date.
    select
        lines.currency,
        {{ money('-lines.revenue_amount') }} as open_amount
    from {{ ref('int_revenue_lines_daily') }} as lines
    inner join as_of
        on
            lines.invoiced_date > as_of.as_of_date
            and lines.revenue_date <= as_of.as_of_date

    union all

    -- Cancelled by a note that is still to come.
    select
        reductions.currency,
        reductions.cancelled_amount as open_amount
    from {{ ref('int_reductions_excess') }} as reductions
    inner join {{ ref('stg_stripe__invoices') }} as invoices
        on reductions.invoice_id = invoices.invoice_id
    inner join as_of
        on
            reductions.reduced_date > as_of.as_of_date
            and invoices.invoiced_date <= as_of.as_of_date

),

expected as (

    select
        currency,
        {{ cost_sum('open_amount') }} as closing_amount
    from remaining
    group by currency

),

actual as (

    select
        mart.currency,
        mart.closing_amount
    from {{ ref('deferred_revenue_monthly') }} as mart
    inner join as_of
        on mart.period_start_date = cast({{ dbt.date_trunc('month', 'as_of.as_of_date') }} as date)

)

select
    coalesce(expected.currency, actual.currency) as currency,
    expected.closing_amount as expected_closing_amount,
    actual.closing_amount
from expected
full outer join actual
    on expected.currency = actual.currency
where coalesce(expected.closing_amount, 0) <> coalesce(actual.closing_amount, 0)
