-- Active users of the company counted again from single calls, without any model between.
with

pairs as (

    select distinct
        cast({{ dbt.date_trunc('month', 'calls.usage_date') }} as date) as period_start_date,
        calls.customer_id,
        calls.user_id
    from {{ ref('fct_inference_calls') }} as calls
    inner join {{ ref('dim_customers') }} as customers
        on calls.customer_id = customers.customer_id
    inner join {{ ref('int_as_of_date') }} as as_of
        on cast({{ dbt.date_trunc('month', 'calls.usage_date') }} as date) <= as_of.as_of_date
    where
        calls.is_inference
        and not customers.is_internal
        and {{ in_days_to_test('calls.usage_date', 'month') }}

),

expected as (

    select
        period_start_date,
        count(*) as active_user_count
    from pairs
    group by period_start_date

),

actual as (

    select * from {{ ref('active_user_economics_monthly') }}
    where
        dimension = 'all'
        and {{ in_periods_to_test('period_start_date', 'month') }}

)

select
    coalesce(expected.period_start_date, actual.period_start_date) as period_start_date,
    expected.active_user_count as expected_active_user_count,
    actual.active_user_count
from expected
full outer join actual
    on expected.period_start_date = actual.period_start_date
where coalesce(expected.active_user_count, 0) <> coalesce(actual.active_user_count, 0)
