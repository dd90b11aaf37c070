-- The priced calls of the 28 days to as_of_date in groups, with what they cost: what levers are pulled on.
-- Grain: one row per feature, use_case, workflow, step, call_type, resolved_provider, model, resolved_model and service_tier.
-- Cost is effective token cost, as billed where there is a bill; a month is 365 / 12 days. Own machines, databases and
-- training are paid whether or not a call is made, and left out. group_id is a number of this build, no key to keep.
{{ config(materialized='table') }}
{% set costs = [
    'uncached_input_cost_usd', 'cache_read_cost_usd', 'cache_write_cost_usd', 'output_cost_usd', 'request_fee_usd',
    'computed_cost_usd',
] -%}
with

as_of as (

    select * from {{ ref('int_as_of_date') }}

),

customers as (

    select * from {{ ref('dim_customers') }}

),

usage_daily as (

    select * from {{ ref('fct_usage_daily') }}

),

summed as (

    select
        {{ savings_group('usage_daily.') | join(',\n        ') }},
        {{ token_sum('usage_daily.call_count') }} as call_count,
        {{ token_sum('usage_daily.inference_count') }} as inference_count,
        {{ token_sum('usage_daily.' ~ token_buckets() | reject('equalto', 'reasoning_tokens') | join(' + usage_daily.')) }} as total_tokens,
        {% for cost in costs -%}
        {{ cost_sum('usage_daily.' ~ cost) }} as {{ cost }},
        {% endfor -%}
        {{ cost_sum('usage_daily.' ~ cost_components('calls') | join(' + usage_daily.')) }} as token_cost_usd
    from usage_daily
    cross join as_of
    inner join customers
        on usage_daily.customer_id = customers.customer_id
    where
        not customers.is_internal
        and usage_daily.call_count > 0
        and {{ is_recent_traffic('usage_daily.usage_date') }}
    group by
        {{ savings_group('usage_daily.') | join(',\n        ') }}

),

final as (

    select
        cast(row_number() over (
            order by
                {{ savings_group() | join(' asc nulls last,\n                ') }} asc nulls last
        ) as bigint) as group_id,
        {{ savings_group() | join(',\n        ') }},
        call_count,
        inference_count,
        total_tokens,
        {% for cost in costs -%}
        {{ cost }},
        {% endfor -%}
        -- A correction of the bill may take more than there was: nothing is saved of it.
        {{ shared_part('greatest(token_cost_usd, 0)', 365, 12 * var('traffic_days'), 0) }} as monthly_cost_usd
    from summed
    where computed_cost_usd > 0

)

select * from final
