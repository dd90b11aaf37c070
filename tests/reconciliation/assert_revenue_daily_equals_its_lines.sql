-- Recognised USD by month, from single lines at the rate of their invoice, against the fact. A line joined twice to a
-- share or a product would double its revenue.
with

as_of as (

    select * from {{ ref('int_as_of_date') }}

),

entries as (

    select
        lines_daily.revenue_date,
        {{ converted('lines_daily.revenue_amount', 'lines.usd_per_unit') }} as revenue_usd
    from {{ ref('int_revenue_lines_daily') }} as lines_daily
    inner join {{ ref('int_invoice_lines_priced') }} as lines
        on lines_daily.invoice_line_id = lines.invoice_line_id

    union all

    select
        reduced_date as revenue_date,
        {{ money('-1 * ' ~ converted('excess_amount', 'usd_per_unit')) }} as revenue_usd
    from {{ ref('int_reductions_excess') }}

    union all

    select
        revenue_date,
        revenue_usd
    from {{ ref('int_charges_recognised') }}

),

expected as (

    select
        cast({{ dbt.date_trunc('month', 'entries.revenue_date') }} as date) as month_date,
        {{ cost_sum('entries.revenue_usd') }} as revenue_usd
    from entries
    inner join as_of
        on entries.revenue_date <= as_of.as_of_date
    group by month_date

),

actual as (

    select
        cast({{ dbt.date_trunc('month', 'revenue_date') }} as date) as month_date,
        {{ cost_sum('revenue_usd') }} as revenue_usd
    from {{ ref('fct_revenue_daily') }}
    group by month_date

)

select
    coalesce(expected.month_date, actual.month_date) as month_date,
    expected.revenue_usd as expected_revenue_usd,
    actual.revenue_usd
from expected
full outer join actual
    on expected.month_date = actual.month_date
where coalesce(expected.revenue_usd, 0) <> coalesce(actual.revenue_usd, 0)
