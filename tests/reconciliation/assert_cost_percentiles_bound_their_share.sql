-- Counted again on single customers: at most half of them cost less than the median, at most a tenth more than P90.
with

counted as (

    select
        percentiles.period_start_date,
        count(*) as customer_count,
        count(*) filter (where margins.ai_cost_usd < percentiles.p50_customer_cost_usd) as below_median_count,
        count(*) filter (where margins.ai_cost_usd > percentiles.p90_customer_cost_usd) as above_p90_count,
        max(percentiles.customer_count) as mart_customer_count
    from {{ ref('cost_percentiles_monthly') }} as percentiles
    inner join {{ ref('customer_margins_monthly') }} as margins
        on percentiles.period_start_date = margins.period_start_date
    inner join {{ ref('dim_customers') }} as customers
        on margins.customer_id = customers.customer_id
    where
        percentiles.dimension = 'all'
        and (margins.call_count > 0 or margins.ai_cost_usd <> 0)
        and not customers.is_internal
        and margins.customer_id <> 'unattributed'
    group by percentiles.period_start_date

)

select *
from counted
where
    customer_count <> mart_customer_count
    or below_median_count * 2 > customer_count
    or above_p90_count * 10 > customer_count
