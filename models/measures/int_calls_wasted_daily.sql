-- Computed cost that bought nothing, by day, class and who it was for. A call is in one class, the first that holds.
-- Grain: one row per usage_date, utc_date, waste_class, customer_id, step, resolved_provider, model, resolved_model and
-- call_type.
-- Costs of shared machines are not in here: they are paid whether or not a call comes to something.
-- decisions.md, Waste.
{{ config(materialized='table') }}
with

calls as (

    select
        calls.*,
        {{ is_inference_type('calls.call_type') }} as is_inference_type,
        calls.uncached_input_tokens + calls.cache_read_tokens
        + calls.cache_write_5m_tokens + calls.cache_write_1h_tokens as input_tokens
    from {{ ref('fct_inference_calls') }} as calls
    inner join {{ ref('dim_customers') }} as customers
        on calls.customer_id = customers.customer_id
    where
        not customers.is_internal
        and calls.pricing_status in ('priced', 'overridden', 'unpriced')

),

lost_requests as (

    -- No attempt of them succeeded.
    select
        request_id,
        step
    from {{ ref('fct_inference_calls') }}
    where is_inference and not is_successful

),

repeated as (

    select * from {{ ref('int_prompts_repeated') }}

),

targets as (

    select * from {{ ref('token_targets') }}

),

premiums as (

    select * from {{ ref('int_downgrade_premiums') }}

),

classified as (

    select
        calls.*,
        targets.input_high,
        premiums.premium_usd,
        case
            -- Every failure of a request that came to nothing; one that another attempt made up for was retried.
            when
                calls.status in ('error', 'timeout')
                and (lost_requests.request_id is not null or not calls.is_inference_type)
                then 'failed_but_billed'
            when calls.status = 'cancelled' then 'cancelled'
            when calls.status in ('error', 'timeout') then 'retried'
            when calls.is_inference_type and not calls.is_inference then 'second_success'
            when repeated.call_id is not null then 'repeat'
            when calls.is_successful and calls.input_tokens > targets.input_high then 'oversize_context'
            when premiums.call_id is not null then 'premium_model'
        end as waste_class
    from calls
    left join lost_requests
        on calls.request_id = lost_requests.request_id
        and calls.step = lost_requests.step
        and calls.is_inference_type
    left join repeated
        on calls.call_id = repeated.call_id
    left join targets
        on calls.use_case = targets.use_case
    left join premiums
        on calls.call_id = premiums.call_id

),

wasted as (

    select
        usage_date,
        utc_date,
        waste_class,
        customer_id,
        step,
        resolved_provider,
        model,
        resolved_model,
        call_type,
        computed_cost_usd is null as is_unpriced,
        {{ money(
            "case when waste_class = 'oversize_context' then "
            ~ shared_part(
                'uncached_input_cost_usd + cache_read_cost_usd + cache_write_cost_usd',
                'input_tokens - input_high', 'input_tokens', 0
            ) ~ " when waste_class = 'premium_model' then premium_usd else computed_cost_usd end"
        ) }} as wasted_cost_usd
    from classified
    where waste_class is not null

),

final as (

    select
        usage_date,
        utc_date,
        waste_class,
        customer_id,
        step,
        resolved_provider,
        model,
        resolved_model,
        call_type,
        count(*) as call_count,
        count(*) filter (where is_unpriced) as unpriced_call_count,
        {{ cost_sum('wasted_cost_usd') }} as wasted_cost_usd
    from wasted
    -- What cost nothing wasted nothing.
    where
        is_unpriced
        or wasted_cost_usd <> 0
    group by
        usage_date,
        utc_date,
        waste_class,
        customer_id,
        step,
        resolved_provider,
        model,
        resolved_model,
        call_type

)

select * from final
