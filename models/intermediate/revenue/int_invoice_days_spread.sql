-- The net amount of each invoice line by day of service, before credit notes and refunds.
-- Grain: one row per invoice_line_id and service_date.
-- Each day is the rounded running total less that of the day before, so that the days make the line exactly.
with

lines as (

    select * from {{ ref('int_invoice_lines_priced') }}

),

digits as (

    select * from (values (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)) as names (digit)

),

numbers as (

    -- 10 000 days: 27 years of service on one line.
    select
        cast(
            ones.digit + 10 * tens.digit + 100 * hundreds.digit + 1000 * thousands.digit
        as bigint) as day_number
    from digits as ones
    cross join digits as tens
    cross join digits as hundreds
    cross join digits as thousands

),

running as (

    select
        lines.invoice_line_id,
        lines.invoice_id,
        lines.product_id,
        lines.net_amount,
        numbers.day_number,
        cast({{ dbt.dateadd('day', 'numbers.day_number', 'lines.service_start_date') }} as date) as service_date,
        {{ ratio('cast(lines.net_amount as decimal(22, 4)) * cast(numbers.day_number + 1 as decimal(5, 0))',
            'lines.service_day_count') }} as running_amount,
        {{ ratio('cast(lines.net_amount as decimal(22, 4)) * cast(numbers.day_number as decimal(5, 0))',
            'lines.service_day_count') }} as running_amount_before
    from lines
    inner join numbers
        on lines.service_day_count > numbers.day_number

)

select
    invoice_line_id,
    invoice_id,
    product_id,
    service_date,
    {{ money('running_amount - running_amount_before') }} as day_amount,
    net_amount > 0 as is_cancellable
from running
