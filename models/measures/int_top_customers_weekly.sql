-- The fifth of customers with the highest AI cost in a week, and their recurring revenue at its end.
-- Grain: one row per period_start_date (Monday).
-- Customers are those with calls or AI cost in the week, ties by id; unattributed, internal and internal accounts stand
-- aside. decisions.md, Weekly view.
with

margins as (

    select
        margins.period_start_date,
        margins.customer_id,
        margins.ai_cost_usd
    from {{ ref('int_customer_margins') }} as margins
    inner join {{ ref('dim_customers') }} as customers
        on margins.customer_id = customers.customer_id
    where
        margins.period_grain = 'week'
        and not customers.is_internal
        and margins.customer_id <> 'unattributed'
        and (margins.call_count > 0 or margins.ai_cost_usd <> 0)

),

recurring as (

    select
        period_start_date,
        customer_id,
        {{ cost_sum(converted('mrr_amount', 'usd_per_unit')) }} as mrr_usd
    from {{ ref('int_customer_mrr_by_currency') }}
    where period_grain = 'week'
    group by
        period_start_date,
        customer_id

),

ranked as (

    select
        margins.*,
        recurring.mrr_usd,
        row_number() over (
            partition by margins.period_start_date
            order by margins.ai_cost_usd desc nulls last, margins.customer_id asc nulls last
        ) as cost_rank,
        count(*) over (partition by margins.period_start_date) as all_customer_count
    from margins
    left join recurring
        on
            margins.period_start_date = recurring.period_start_date
            and margins.customer_id = recurring.customer_id

),

final as (

    select
        period_start_date,
        cast(count(*) as bigint) as customer_count,
        {{ cost_sum('ai_cost_usd') }} as ai_cost_usd,
        {{ cost_sum('mrr_usd') }} as mrr_usd
    from ranked
    -- ⌈customers ÷ 5⌉ of them.
    where (cost_rank - 1) * 5 < all_customer_count
    group by period_start_date

)

select * from final
