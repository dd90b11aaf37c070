-- The headline, recomputed from single calls without any model between: cost and delivered inferences of the company
-- by month and day.
with

calls as (

    select
        calls.usage_date,
        count(*) filter (where calls.is_successful) as successful_inference_count,
        {{ cost_sum('calls.computed_cost_usd') }} as ai_cost_usd
    from {{ ref('fct_inference_calls') }} as calls
    left join {{ ref('dim_customers') }} as customers
        on calls.customer_id = customers.customer_id
    where not customers.is_internal
    group by calls.usage_date

),

periods as (

    select
        'day' as period_grain,
        usage_date as period_start_date,
        successful_inference_count,
        ai_cost_usd
    from calls

    union all

    select
        'month' as period_grain,
        cast({{ dbt.date_trunc('month', 'usage_date') }} as date) as period_start_date,
        cast(sum(successful_inference_count) as bigint) as successful_inference_count,
        {{ cost_sum('ai_cost_usd') }} as ai_cost_usd
    from calls
    group by period_start_date

),

marts as (

    select * from {{ ref('cost_per_inference') }}
    where dimension = 'all' and period_grain in ('day', 'month')

)

select
    coalesce(periods.period_grain, marts.period_grain) as period_grain,
    coalesce(periods.period_start_date, marts.period_start_date) as period_start_date,
    periods.ai_cost_usd as expected_ai_cost_usd,
    marts.ai_cost_usd
from periods
full outer join marts
    on periods.period_grain = marts.period_grain
    and periods.period_start_date = marts.period_start_date
where
    periods.successful_inference_count is distinct from marts.successful_inference_count
    or periods.ai_cost_usd is distinct from marts.ai_cost_usd
    or marts.cpi_usd is distinct from {{ ratio('periods.ai_cost_usd', 'periods.successful_inference_count') }}
