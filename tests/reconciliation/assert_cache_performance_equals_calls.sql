-- Hits, and what the prefixes lost, counted over the calls themselves; every call with cached tokens found its price.
with

hits as (

    select count(*) as hit_count
    from {{ ref('fct_inference_calls') }} as calls
    inner join {{ ref('dim_customers') }} as customers
        on calls.customer_id = customers.customer_id
    where
        not customers.is_internal
        and calls.is_response_cache_hit
        and calls.is_successful

),

weeks as (

    select
        {{ token_sum('cached_inference_count') }} as hit_count,
        {{ cost_sum('losing_prefix_saving_usd') }} as losing_prefix_saving_usd
    from {{ ref('cache_performance_weekly') }}

),

prefixes as (

    select {{ cost_sum('prompt_cache_saving_usd') }} as losing_prefix_saving_usd
    from {{ ref('losing_prompt_prefixes_weekly') }}

),

without_price as (

    select count(*) as call_count
    from {{ ref('int_calls_cache_priced') }}
    where
        not is_response_cache_hit
        and prompt_cache_saving_usd is null

)

select *
from hits
cross join weeks
cross join prefixes
cross join without_price
where
    hits.hit_count <> weeks.hit_count
    or weeks.losing_prefix_saving_usd <> prefixes.losing_prefix_saving_usd
    or without_price.call_count > 0
