-- Revenue by day of invoice lines, written by hand for DuckDB alone: what benchmark.py measures fct_revenue_daily
-- against. Each line is served second by second from its period's start to its end, a line without a period on the day
-- its invoice was finalised; a day's part is the difference of two running totals, each rounded half up to 1e-12 dollar.
--
-- Reads its Parquet files from variables `invoices`, `invoice_line_items` and `charges`. Assumes US dollars, no tax, no
-- reductions.
create schema marts;

create temp macro served(picos, seconds, whole) as (2 * picos * seconds + whole) // (2 * whole);

create table marts.fct_revenue_daily as
with lines as (
    select
        invoices.customer_id,
        lines.product_id,
        cast(lines.amount as hugeint) * 10000000000 as picos,
        coalesce(lines.period_start, date_trunc('day', invoices.finalized_at)) as served_from,
        coalesce(lines.period_end, date_trunc('day', invoices.finalized_at) + interval 1 day) as served_to,
        date_trunc('day', served_from) as first_day,
        epoch(served_to)::bigint - epoch(served_from)::bigint as whole,
        epoch(served_from)::bigint - epoch(first_day)::bigint as skipped
    from read_parquet(getvariable('invoice_line_items')) as lines
    inner join read_parquet(getvariable('invoices')) as invoices on lines.invoice_id = invoices.id
),
numbered as (
    select *, unnest(range(date_diff('day', first_day, served_to - interval 1 second) + 1)) as day_number
    from lines
),
days as (
    select
        cast(first_day + day_number * interval 1 day as date) as revenue_date,
        customer_id,
        product_id,
        served(picos, least((day_number + 1) * 86400 - skipped, whole), whole)
            - served(picos, greatest(day_number * 86400 - skipped, 0), whole) as picos
    from numbered
)
select
    revenue_date,
    customer_id,
    product_id,
    cast(cast(sum(picos) as decimal(38, 0)) * cast(0.000000000001 as decimal(12, 12)) as decimal(28, 12)) as revenue_usd
from days
where revenue_date <= (select max(created::date) from read_parquet(getvariable('charges')))
group by all
having sum(picos) <> 0;

checkpoint;
