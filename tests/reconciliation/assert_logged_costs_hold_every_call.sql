-- The comparison of logged with computed cost speaks of every call once, month by month.
with

compared as (

    select
        period_start_date,
        {{ token_sum('call_count') }} as call_count,
        {{ cost_sum('logged_cost_usd') }} as logged_cost_usd,
        {{ cost_sum('computed_cost_usd') }} as computed_cost_usd
    from {{ ref('logged_costs_monthly') }}
    where {{ in_periods_to_test('period_start_date', 'month') }}
    group by period_start_date

),

calls as (

    select
        cast({{ dbt.date_trunc('month', 'usage_date') }} as date) as period_start_date,
        count(*) as call_count,
        {{ cost_sum('logged_cost_usd') }} as logged_cost_usd,
        {{ cost_sum('computed_cost_usd') }} as computed_cost_usd
    from {{ ref('fct_inference_calls') }}
    where {{ in_days_to_test('usage_date', 'month') }}
    group by cast({{ dbt.date_trunc('month', 'usage_date') }} as date)

)

select
    coalesce(calls.period_start_date, compared.period_start_date) as period_start_date,
    calls.call_count as calls_call_count,
    compared.call_count
from calls
full outer join compared
    on calls.period_start_date = compared.period_start_date
where
    -- No period after as_of_date has a row.
    coalesce(calls.period_start_date, compared.period_start_date)
    <= (select max(as_of.as_of_date) from {{ ref('int_as_of_date') }} as as_of)
    and (
        calls.call_count is distinct from compared.call_count
        or calls.logged_cost_usd is distinct from compared.logged_cost_usd
        or calls.computed_cost_usd is distinct from compared.computed_cost_usd
    )
