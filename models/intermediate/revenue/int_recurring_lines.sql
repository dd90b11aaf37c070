-- Licensed recurring lines, with the subscription that bills them and the interval they stand for: the price's, else
-- the line's own period.
-- Grain: one row per invoice_line_id; credits (negative lines) are in here, they end what they credit.
-- A period is whole when a calendar steps over it from either end: 31 January to 28 February and from there to 31 March
-- are a month each, whatever day the subscription is anchored to.
with

lines as (

    select * from {{ ref('int_invoice_lines_priced') }}
    where is_recurring and has_period and coalesce(usage_type, 'licensed') = 'licensed'

),

landed as (

    select * from {{ ref('stg_stripe__invoice_line_items') }}

),

invoices as (

    select * from {{ ref('stg_stripe__invoices') }}

),

prices as (

    select * from {{ ref('stg_stripe__prices') }}

),

measured as (

    select
        lines.*,
        coalesce(lines.subscription_id, invoices.subscription_id) as billed_subscription_id,
        -- A price in another currency says nothing of this line.
        case when prices.currency = lines.currency then lines.unit_amount end as line_unit_amount,
        landed.amount_minor_units,
        landed.amount_minor_units - landed.gross_minor_units as discount_minor_units,
        cast(lines.service_start_at as date) as start_date,
        cast(lines.service_end_at as date) as end_date,
        {{ second_of_day('lines.service_start_at') }} = {{ second_of_day('lines.service_end_at') }} as is_same_time,
        case lines.recurring_interval
            when 'year' then 12 * lines.interval_count
            when 'month' then lines.interval_count
        end as interval_months,
        case lines.recurring_interval
            when 'week' then 7 * lines.interval_count
            when 'day' then lines.interval_count
        end as interval_days
    from lines
    inner join landed
        on lines.invoice_line_id = landed.invoice_line_id
    left join invoices
        on lines.invoice_id = invoices.invoice_id
    left join prices
        on lines.price_id = prices.price_id
    where landed.amount_minor_units <> 0

),

stepped as (

    select
        *,
        coalesce(
            interval_months,
            12 * (extract(year from end_date) - extract(year from start_date))
            + extract(month from end_date) - extract(month from start_date)
        ) as months,
        cast({{ dbt.dateadd('month', '-interval_months', 'end_date') }} as date) as month_back_date
    from measured

),

final as (

    select
        invoice_line_id,
        invoice_id,
        customer_id,
        billed_subscription_id as subscription_id,
        coalesce(price_id, product_id) as price_id,
        invoice_status,
        currency,
        invoiced_date,
        service_start_at,
        service_end_at,
        service_seconds,
        cast(coalesce(quantity, 1) as bigint) as quantity,
        line_unit_amount as unit_amount,
        net_amount,
        usd_per_unit,
        amount_minor_units,
        discount_minor_units,
        recurring_interval,
        cast(interval_count as bigint) as interval_count,
        -- Of the interval that ends with the line.
        86400 * cast(coalesce(
            {{ dbt.datediff('month_back_date', 'end_date', 'day') }}, interval_days
        ) as bigint) as interval_seconds,
        case
            when
                interval_days is null and is_same_time and months > 0 and (
                    cast({{ dbt.dateadd('month', 'cast(months as integer)', 'start_date') }} as date) = end_date
                    or cast({{ dbt.dateadd('month', '-cast(months as integer)', 'end_date') }} as date) = start_date
                )
                then cast(months as bigint)
        end as whole_months,
        amount_minor_units < 0 as is_credit
    from stepped

)

select * from final
