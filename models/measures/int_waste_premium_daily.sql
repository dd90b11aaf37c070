-- Computed cost above that of a cheaper model which the evidence of the month allowed, of calls in no other class of waste.
-- Grain: one row per usage_date, utc_date, waste_class (premium_model), customer_id, step, resolved_provider, model,
-- resolved_model and call_type.
-- decisions.md, Waste.
{{ config(materialized='table') }}
with

premiums as (

    select * from {{ ref('int_downgrade_premiums') }}

),

calls as (

    select
        calls.*,
        'premium_model' as waste_class,
        premiums.premium_usd
    from premiums
    inner join {{ ref('fct_inference_calls') }} as calls
        on premiums.usage_date = calls.usage_date
        and premiums.call_id = calls.call_id
    left join {{ ref('int_prompts_repeated') }} as repeated
        on premiums.usage_date = repeated.usage_date
        and premiums.call_id = repeated.call_id
    left join {{ ref('token_targets') }} as targets
        on calls.use_case = targets.use_case
    where
        repeated.call_id is null
        and (
            targets.input_high is null
            or calls.uncached_input_tokens + calls.cache_read_tokens
            + calls.cache_write_5m_tokens + calls.cache_write_1h_tokens <= targets.input_high
        )

),

final as (

    select
        {{ waste_keys() | join(',\n        ') }},
        count(*) as call_count,
        cast(0 as bigint) as unpriced_call_count,
        {{ cost_sum('premium_usd') }} as wasted_cost_usd
    from calls
    -- What cost nothing wasted nothing.
    where premium_usd <> 0
    group by
        {{ waste_keys() | join(',\n        ') }}

)

select * from final
