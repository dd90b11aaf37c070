-- The top shares hold what their own margins say: nobody below them costs more, nobody is missing.
with

customers as (

    select
        margins.period_start_date,
        margins.customer_id,
        margins.ai_cost_usd
    from {{ ref('customer_margins_monthly') }} as margins
    inner join {{ ref('dim_customers') }} as dim_customers
        on margins.customer_id = dim_customers.customer_id
    where
        (margins.call_count > 0 or margins.ai_cost_usd <> 0)
        and not dim_customers.is_internal
        and margins.customer_id <> 'unattributed'

),

numbered as (

    select
        *,
        row_number() over (
            partition by period_start_date
            order by ai_cost_usd desc nulls last, customer_id asc nulls last
        ) as cost_rank
    from customers

),

expected as (

    select
        tops.period_start_date,
        tops.top_percent,
        tops.customer_count,
        tops.ai_cost_usd,
        {{ cost_sum('numbered.ai_cost_usd', 'numbered.cost_rank <= tops.customer_count') }} as expected_ai_cost_usd,
        count(*) as expected_all_customer_count,
        max(tops.all_customer_count) as all_customer_count
    from {{ ref('cost_concentration_monthly') }} as tops
    inner join numbered
        on tops.period_start_date = numbered.period_start_date
    group by
        tops.period_start_date,
        tops.top_percent,
        tops.customer_count,
        tops.ai_cost_usd

)

select *
from expected
where
    ai_cost_usd <> expected_ai_cost_usd
    or all_customer_count <> expected_all_customer_count
    -- Enough customers, and not one too many.
    or customer_count * 100 < all_customer_count * top_percent
    or (customer_count - 1) * 100 >= all_customer_count * top_percent
