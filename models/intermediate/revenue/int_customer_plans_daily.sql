-- The plan a customer is billed for, by day: the name of its largest recurring price, credits and reductions taken off.
-- Grain: one row per customer_id and plan_date, up to as_of_date. A day without a row has the plan of the CRM.
-- Lines are summed by price first, so that an upgrade leaves the price it credits; what cents leave of a price, a
-- hundredth or less, is no plan. A metered price is one where no licensed price is, on every day of its period.
{{ config(materialized='table') }}
with

metered_days as (

    select
        lines.*,
        coalesce(lines.price_id, lines.product_id) as billed_price_id,
        cast({{ dbt.dateadd('day', 'line_days.day_number', 'lines.service_start_date') }} as date) as plan_date
    from {{ ref('int_invoice_lines_priced') }} as lines
    inner join {{ ref('int_line_days') }} as line_days
        on lines.service_day_count = line_days.service_day_count
    where lines.is_recurring and lines.usage_type = 'metered'

),

price_days as (

    select
        customer_id,
        revenue_date as plan_date,
        coalesce(price_id, product_id) as billed_price_id,
        product_id,
        1 as kind_rank,
        plan,
        currency,
        usd_per_unit,
        unreduced_usd,
        revenue_usd
    from {{ ref('int_revenue_lines_daily') }}
    where is_recurring and coalesce(usage_type, 'licensed') = 'licensed'

    union all

    -- Use is revenue on the days it was used; the price is agreed on all of them.
    select
        metered_days.customer_id,
        metered_days.plan_date,
        metered_days.billed_price_id,
        metered_days.product_id,
        2 as kind_rank,
        metered_days.plan,
        metered_days.currency,
        metered_days.usd_per_unit,
        metered_days.net_usd as unreduced_usd,
        coalesce(segments.segment_usd, metered_days.net_usd) as revenue_usd
    from metered_days
    left join {{ ref('int_line_segments') }} as segments
        on metered_days.invoice_line_id = segments.invoice_line_id
        and metered_days.plan_date >= segments.segment_from_date
        and metered_days.plan_date < segments.segment_to_date

),

prices_by_rate as (

    select
        customer_id,
        plan_date,
        billed_price_id,
        product_id,
        kind_rank,
        currency,
        usd_per_unit,
        max(plan) as plan,
        {{ cost_sum('revenue_usd') }} as price_usd,
        {{ cost_sum('unreduced_usd', 'unreduced_usd > 0') }} as positive_usd
    from price_days
    group by
        customer_id,
        plan_date,
        billed_price_id,
        product_id,
        kind_rank,
        currency,
        usd_per_unit

),

-- A price and its credit may be invoiced at two rates: what is left of it is told in its own currency.
prices as (

    select
        customer_id,
        plan_date,
        billed_price_id,
        product_id,
        kind_rank,
        max(plan) as plan,
        {{ cost_sum('price_usd') }} as price_usd,
        {{ cost_sum(ratio('price_usd', 'usd_per_unit')) }} as price_amount,
        {{ cost_sum(ratio('positive_usd', 'usd_per_unit')) }} as positive_amount
    from prices_by_rate
    group by
        customer_id,
        plan_date,
        billed_price_id,
        product_id,
        kind_rank,
        currency

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
    where
        (prices.price_amount > 0.000001 and prices.price_amount > {{ money('prices.positive_amount * 0.01') }})
        -- A period without use is no free plan.
        or (prices.kind_rank = 2 and prices.price_amount = 0 and prices.positive_amount = 0)

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
