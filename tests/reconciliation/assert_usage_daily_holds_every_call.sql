-- The daily fact adds up to the calls, day and customer by day and customer, to the last digit.
-- A day left over from an earlier build, or built twice, shows here.
with

calls as (

    select
        usage_date,
        customer_id,
        count(*) as call_count,
        count(*) filter (where is_successful) as successful_inference_count,
        cast(sum(output_tokens) as bigint) as output_tokens,
        {{ cost_sum('list_cost_usd') }} as list_cost_usd,
        {{ cost_sum('computed_cost_usd') }} as computed_cost_usd
    from {{ ref('fct_inference_calls') }}
    where {{ in_days_to_test('usage_date') }}
    group by
        usage_date,
        customer_id

),

usage_daily as (

    select
        usage_date,
        customer_id,
        cast(sum(call_count) as bigint) as call_count,
        cast(sum(successful_inference_count) as bigint) as successful_inference_count,
        {{ cost_sum('list_cost_usd') }} as list_cost_usd,
        {{ cost_sum('computed_cost_usd') }} as computed_cost_usd
    from {{ ref('fct_usage_daily') }}
    -- Rows without calls are billed money that no call carries.
    where
        call_count > 0
        and {{ in_days_to_test('usage_date') }}
    group by
        usage_date,
        customer_id

)

select
    coalesce(calls.usage_date, usage_daily.usage_date) as usage_date,
    coalesce(calls.customer_id, usage_daily.customer_id) as customer_id,
    calls.call_count as landed_call_count,
    usage_daily.call_count,
    calls.computed_cost_usd as calls_computed_cost_usd,
    usage_daily.computed_cost_usd
from calls
full outer join usage_daily
    on calls.usage_date = usage_daily.usage_date
    and calls.customer_id = usage_daily.customer_id
where
    calls.call_count is distinct from usage_daily.call_count
    or calls.successful_inference_count is distinct from usage_daily.successful_inference_count
    or calls.list_cost_usd is distinct from usage_daily.list_cost_usd
    or calls.computed_cost_usd is distinct from usage_daily.computed_cost_usd
