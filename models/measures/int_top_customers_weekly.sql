-- The fifth of customers with the highest AI cost in a week, and what they pay on its last day.
-- Grain: one row per period_start_date (Monday).
-- Customers are those with calls or AI cost in the week, ties by id; unattributed, internal and internal accounts stand
-- aside. Recurring revenue of one day: × 365 ÷ 12 it is their MRR. decisions.md, Weekly view.
with

margins as (

    select
        margins.period_start_date,
        margins.customer_id,
        margins.ai_cost_usd,
        cast({{ dbt.dateadd('day', 6, 'margins.period_start_date') }} as date) as last_date
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
        customer_id,
        revenue_date,
        {{ cost_sum('revenue_usd') }} as recurring_revenue_usd
    from {{ ref('int_revenue_lines_daily') }}
    where is_recurring
    group by
        customer_id,
        revenue_date

),

as_of as (

    select * from {{ ref('int_as_of_date') }}

),

ranked as (

    select
        margins.*,
        recurring.recurring_revenue_usd,
        row_number() over (
            partition by margins.period_start_date
            order by margins.ai_cost_usd desc nulls last, margins.customer_id asc nulls last
        ) as cost_rank,
        count(*) over (partition by margins.period_start_date) as all_customer_count
    from margins
    cross join as_of
    left join recurring
        on margins.customer_id = recurring.customer_id
        and margins.last_date = recurring.revenue_date
        -- Days to come are no revenue yet.
        and as_of.as_of_date >= recurring.revenue_date

),

final as (

    select
        period_start_date,
        cast(count(*) as bigint) as customer_count,
        {{ cost_sum('ai_cost_usd') }} as ai_cost_usd,
        {{ cost_sum('recurring_revenue_usd') }} as recurring_revenue_usd
    from ranked
    -- ⌈customers ÷ 5⌉ of them.
    where (cost_rank - 1) * 5 < all_customer_count
    group by period_start_date

)

select * from final
