-- Months in which a customer's revenue is not complete: one of its metered prices was invoiced or accrued in one of the
-- two months before and has neither line nor accrual in this one (decisions.md, Metered revenue).
-- Grain: one row per customer_id and period_start_date, up to the month of as_of_date. Complete months have no row.
with

as_of as (

    select * from {{ ref('int_as_of_date') }}

),

lines as (

    select
        customer_id,
        product_id,
        coalesce(price_id, '') as price_id,
        line_kind,
        cast({{ dbt.date_trunc('month', 'service_start_at') }} as date) as first_month_date,
        cast({{ dbt.date_trunc('month', 'service_last_date') }} as date) as last_month_date
    from {{ ref('int_invoice_lines_priced') }}
    where usage_type = 'metered' and line_kind in ('line', 'accrual')

),

months as (

    select * from {{ ref('int_revenue_months') }}

),

-- An accrual names a product: it stands for each metered price of that product, else for itself.
prices as (

    select distinct
        customer_id,
        product_id,
        price_id
    from lines
    where line_kind = 'line'

    union

    select
        accruals.customer_id,
        accruals.product_id,
        '' as price_id
    from lines as accruals
    left join lines as billed
        on
            accruals.customer_id = billed.customer_id
            and accruals.product_id = billed.product_id
            and billed.line_kind = 'line'
    where accruals.line_kind = 'accrual' and billed.customer_id is null

),

present as (

    select distinct
        prices.customer_id,
        prices.product_id,
        prices.price_id,
        months.period_start_date
    from prices
    inner join lines
        on
            prices.customer_id = lines.customer_id
            and prices.product_id = lines.product_id
            and (lines.line_kind = 'accrual' or prices.price_id = lines.price_id)
    inner join months
        on
            lines.first_month_date <= months.period_start_date
            and lines.last_month_date >= months.period_start_date

),

expected as (

    select distinct
        present.customer_id,
        present.product_id,
        present.price_id,
        cast({{ dbt.dateadd('month', 'later.months', 'present.period_start_date') }} as date) as period_start_date
    from present
    cross join (values (1), (2)) as later (months)

),

final as (

    select distinct
        expected.customer_id,
        expected.period_start_date
    from expected
    inner join as_of
        on expected.period_start_date <= as_of.as_of_date
    left join present
        on
            expected.customer_id = present.customer_id
            and expected.product_id = present.product_id
            and expected.price_id = present.price_id
            and expected.period_start_date = present.period_start_date
    where present.customer_id is null

)

select * from final
