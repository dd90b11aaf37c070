-- The headline, recomputed from single calls: what each of them really cost, and the billed money that no call carries.
-- Parts are rounded once per call there and once per usage row here, so within 0.000001 USD.
with

call_costs as (

    select
        costs.usage_date,
        count(*) filter (where calls.is_successful) as successful_inference_count,
        {{ cost_sum('costs.ai_cost_usd') }} as ai_cost_usd
    from {{ ref('fct_inference_costs') }} as costs
    inner join {{ ref('fct_inference_calls') }} as calls
        on costs.usage_date = calls.usage_date
        and costs.call_id = calls.call_id
    left join {{ ref('dim_customers') }} as customers
        on calls.customer_id = customers.customer_id
    where
        not customers.is_internal
        and {{ in_days_to_test('costs.usage_date', 'month') }}
    group by costs.usage_date

),

left_over as (

    select
        unattributed.usage_date,
        cast(0 as bigint) as successful_inference_count,
        {{ cost_sum('unattributed.unattributed_cost_usd') }} as ai_cost_usd
    from {{ ref('int_bills_unattributed_daily') }} as unattributed
    left join {{ ref('dim_customers') }} as customers
        on unattributed.customer_id = customers.customer_id
    where
        unattributed.component <> 'other_cogs'
        and not customers.is_internal
        and {{ in_days_to_test('unattributed.usage_date', 'month') }}
    group by unattributed.usage_date

),

days as (

    select * from call_costs
    union all
    select * from left_over

),

periods as (

    select
        'day' as period_grain,
        usage_date as period_start_date,
        cast(sum(successful_inference_count) as bigint) as successful_inference_count,
        {{ cost_sum('ai_cost_usd') }} as ai_cost_usd
    from days
    group by usage_date

    union all

    select
        'month' as period_grain,
        cast({{ dbt.date_trunc('month', 'usage_date') }} as date) as period_start_date,
        cast(sum(successful_inference_count) as bigint) as successful_inference_count,
        {{ cost_sum('ai_cost_usd') }} as ai_cost_usd
    from days
    group by period_start_date

),

marts as (

    select * from {{ ref('cost_per_inference') }}
    where
        dimension = 'all'
        and period_grain in ('day', 'month')
        and {{ in_periods_to_test('period_start_date', 'month') }}

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
    coalesce(periods.period_start_date, marts.period_start_date)
    <= (select max(as_of.as_of_date) from {{ ref('int_as_of_date') }} as as_of)
    and (
        periods.successful_inference_count is distinct from marts.successful_inference_count
        or (abs(periods.ai_cost_usd - marts.ai_cost_usd) <= 0.000001) is not true
        or marts.cpi_usd is distinct from {{ ratio('marts.ai_cost_usd', 'periods.successful_inference_count') }}
    )
