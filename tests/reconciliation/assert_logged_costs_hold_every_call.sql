-- The comparison of logged with computed cost speaks of every call once.
with

compared as (

    select
        {{ token_sum('call_count') }} as call_count,
        {{ cost_sum('logged_cost_usd') }} as logged_cost_usd,
        {{ cost_sum('computed_cost_usd') }} as computed_cost_usd
    from {{ ref('logged_costs_monthly') }}

),

calls as (

    select
        count(*) as call_count,
        {{ cost_sum('logged_cost_usd') }} as logged_cost_usd,
        {{ cost_sum('computed_cost_usd') }} as computed_cost_usd
    from {{ ref('fct_inference_calls') }}

)

select
    calls.call_count as calls_call_count,
    compared.call_count
from calls
cross join compared
where
    calls.call_count <> compared.call_count
    or calls.logged_cost_usd <> compared.logged_cost_usd
    or calls.computed_cost_usd <> compared.computed_cost_usd
