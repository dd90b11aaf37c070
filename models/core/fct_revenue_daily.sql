-- Revenue recognised, net of discounts, reductions and bad debt, without tax, and the part AI earned.
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
        line_kind = 'charge' as is_charge,
        revenue_usd
    from {{ ref('int_revenue_lines_daily') }}

    union all

    select
        revenue_date,
        customer_id,
        product_id,
        line_kind = 'charge' as is_charge,
        adjustment_usd as revenue_usd
    from {{ ref('int_revenue_adjustments') }}

),

shares as (

    select * from {{ ref('int_product_ai_shares') }}

),

daily as (

    select
        entries.revenue_date,
        entries.customer_id,
        entries.product_id,
        {{ cost_sum('entries.revenue_usd') }} as revenue_usd,
        {{ cost_sum('entries.revenue_usd', "entries.is_charge and entries.product_id = 'unattributed'")
            if var('charge_ai_share') != '' else money('0') }} as charge_usd
    from entries
    inner join as_of
        on entries.revenue_date <= as_of.as_of_date
    group by
        entries.revenue_date,
        entries.customer_id,
        entries.product_id

),

split as (

    -- Charges without a product have a share of their own where the var says so.
    select
        *,
        {{ money('revenue_usd - charge_usd') }} as product_usd,
        {{ money('charge_usd * cast(' ~ (var('charge_ai_share') or 0) ~ ' as decimal(9, 6))') }} as charge_ai_usd
    from daily

),

final as (

    select
        split.revenue_date,
        split.customer_id,
        split.product_id,
        split.revenue_usd,
        {{ money('case'
            ~ ' when shares.ai_part is null or shares.ai_part = 0 then split.charge_ai_usd'
            ~ ' when shares.ai_part = shares.whole then ' ~ money('split.charge_ai_usd + split.product_usd')
            ~ ' else ' ~ money('split.charge_ai_usd + ' ~ shared_part('split.product_usd', 'shares.ai_part', 'shares.whole'))
            ~ ' end') }} as ai_revenue_usd
    from split
    left join shares
        on
            split.product_id = shares.product_id
            and split.revenue_date >= shares.valid_from_date
            and split.revenue_date < shares.valid_to_date
    where split.revenue_usd <> 0

)

select * from final
