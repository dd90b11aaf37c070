-- The plan a customer is billed for, by day: the name of its largest recurring price, credits and reductions taken off.
-- Grain: one row per customer_id and plan_date, up to as_of_date. A day without a row has the plan of the CRM.
-- Lines are summed by price first, so that an upgrade leaves the price it credits; what cents leave of a price, a
-- hundredth or less, is no plan. A metered price is one where no licensed price is, on every day of its period.
{{ config(materialized='table') }}
with

lines as (

    select
        *,
        coalesce(price_id, product_id) as billed_price_id
    from {{ ref('int_revenue_lines_daily') }}
    where is_recurring

),

licensed_by_rate as (

    select
        customer_id,
        revenue_date as plan_date,
        billed_price_id,
        product_id,
        currency,
        usd_per_unit,
        max(plan) as plan,
        {{ cost_sum('revenue_usd') }} as price_usd,
        {{ cost_sum('unreduced_usd', 'unreduced_usd > 0') }} as positive_usd
    from lines
    where coalesce(usage_type, 'licensed') = 'licensed'
    group by
        customer_id,
        revenue_date,
        billed_price_id,
        product_id,
        currency,
        usd_per_unit

),

-- A price and its credit may be invoiced at two rates: what is left of it is told in its own currency.
licensed_prices as (

    select
        customer_id,
        plan_date,
        billed_price_id,
        product_id,
        currency,
        max(plan) as plan,
        {{ cost_sum('price_usd') }} as price_usd,
        {{ cost_sum(ratio('price_usd', 'usd_per_unit')) }} as price_amount,
        {{ cost_sum(ratio('positive_usd', 'usd_per_unit')) }} as positive_amount
    from licensed_by_rate
    group by
        customer_id,
        plan_date,
        billed_price_id,
        product_id,
        currency

),

-- Use is revenue on the days it was used; the price is agreed on all of them.
metered_prices as (

    select
        lines.customer_id,
        cast({{ dbt.dateadd('day', 'line_days.day_number', 'lines.service_start_date') }} as date) as plan_date,
        coalesce(lines.price_id, lines.product_id) as billed_price_id,
        lines.product_id,
        max(lines.plan) as plan,
        {{ cost_sum('lines.net_usd') }} as price_usd
    from {{ ref('int_invoice_lines_priced') }} as lines
    inner join {{ ref('int_line_days') }} as line_days
        on lines.service_day_count = line_days.service_day_count
    where lines.is_recurring and lines.usage_type = 'metered'
    group by
        lines.customer_id,
        cast({{ dbt.dateadd('day', 'line_days.day_number', 'lines.service_start_date') }} as date),
        coalesce(lines.price_id, lines.product_id),
        lines.product_id

),

prices as (

    select
        customer_id,
        plan_date,
        billed_price_id,
        product_id,
        plan,
        1 as kind_rank,
        price_usd
    from licensed_prices
    where price_amount > 0.000001 and price_amount > {{ money('positive_amount * 0.01') }}

    union all

    select
        customer_id,
        plan_date,
        billed_price_id,
        product_id,
        plan,
        2 as kind_rank,
        price_usd
    from metered_prices

),

ranked as (

    select
        prices.customer_id,
        prices.plan_date,
        coalesce(prices.plan, products.product_name) as plan,
        row_number() over (
            partition by
                prices.customer_id,
                prices.plan_date
            order by
                prices.kind_rank asc nulls last,
                prices.price_usd desc nulls last,
                prices.billed_price_id asc nulls last,
                prices.product_id asc nulls last
        ) as price_rank
    from prices
    inner join {{ ref('int_as_of_date') }} as as_of
        on prices.plan_date <= as_of.as_of_date
    left join {{ ref('stg_stripe__products') }} as products
        on prices.product_id = products.product_id

),

final as (

    select
        customer_id,
        plan_date,
        {{ dimension_word('plan') }} as plan
    from ranked
    where price_rank = 1 and plan is not null

)

select * from final
