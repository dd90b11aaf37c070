-- Revenue recognised, net of discounts, credit notes and refunds, without tax, and the part AI earned.
-- Grain: one row per revenue_date (UTC), customer_id and product_id. No row where revenue is 0.
-- What is invoiced for days after as_of_date is not in here (deferred_revenue_monthly).
with

as_of as (

    select * from {{ ref('int_as_of_date') }}

),

entries as (

    select
        revenue_date,
        customer_id,
        product_id,
        revenue_usd
    from {{ ref('int_revenue_lines_daily') }}

    union all

    select
        reduced_date as revenue_date,
        customer_id,
        product_id,
        {{ money('-reduction_usd') }} as revenue_usd
    from {{ ref('int_reductions_by_product') }}

    union all

    select
        revenue_date,
        customer_id,
        'unattributed' as product_id,
        revenue_usd
    from {{ ref('int_charges_recognised') }}

),

shares as (

    select * from {{ ref('int_product_ai_shares') }}

),

daily as (

    select
        entries.revenue_date,
        entries.customer_id,
        entries.product_id,
        {{ cost_sum('entries.revenue_usd') }} as revenue_usd
    from entries
    inner join as_of
        on entries.revenue_date <= as_of.as_of_date
    group by
        entries.revenue_date,
        entries.customer_id,
        entries.product_id

)

select
    daily.revenue_date,
    daily.customer_id,
    daily.product_id,
    daily.revenue_usd,
    {{ money('coalesce(' ~ shared_part('daily.revenue_usd', 'shares.ai_part', 'shares.whole') ~ ', 0)') }}
        as ai_revenue_usd
from daily
left join shares
    on
        daily.product_id = shares.product_id
        and daily.revenue_date >= shares.valid_from_date
        and daily.revenue_date < shares.valid_to_date
where daily.revenue_usd <> 0
