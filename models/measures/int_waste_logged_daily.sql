-- Computed cost that the log alone shows to have bought nothing, by day, class and who it was for. A call is in one class,
-- the first that holds. Internal use is in here.
-- Grain: one row per usage_date, utc_date, waste_class, customer_id, step, resolved_provider, model, resolved_model and
-- call_type.
-- Costs of shared machines are not in here: they are paid whether or not a call comes to something.
-- decisions.md, Waste.
{{ config(**touched_days_config('int_measured_days_touched')) }}
with

calls as (

    select
        *,
        {{ is_inference_type('call_type') }} as is_inference_type,
        uncached_input_tokens + cache_read_tokens + cache_write_5m_tokens + cache_write_1h_tokens as input_tokens
    from {{ ref('fct_inference_calls') }}
    where
        pricing_status in ('priced', 'overridden', 'unpriced')
        {{ where_touched('int_measured_days_touched', keyword='and') }}

),

repeated as (

    select * from {{ ref('int_prompts_repeated') }}
    {{ where_touched('int_measured_days_touched') }}

),

targets as (

    select * from {{ ref('token_targets') }}

),

classified as (

    select
        calls.*,
        targets.input_high,
        case
            -- Every failure of a request that came to nothing; one that another attempt made up for was retried.
            when
                calls.status in ('error', 'timeout')
                and (calls.delivered_date is null or not calls.is_inference_type)
                then 'failed_but_billed'
            when calls.status = 'cancelled' then 'cancelled'
            when calls.status in ('error', 'timeout') then 'retried'
            when calls.is_inference_type and not calls.is_inference then 'second_success'
            when repeated.call_id is not null then 'repeat'
            when calls.is_successful and calls.input_tokens > targets.input_high then 'oversize_context'
        end as waste_class
    from calls
    left join repeated
        on calls.usage_date = repeated.usage_date
        and calls.call_id = repeated.call_id
    left join targets
        on calls.use_case = targets.use_case

),

wasted as (

    select
        {{ waste_keys() | join(',\n        ') }},
        computed_cost_usd is null as is_unpriced,
        {{ money(
            "case when waste_class = 'oversize_context' then "
            ~ shared_part(
                'uncached_input_cost_usd + cache_read_cost_usd + cache_write_cost_usd',
                'input_tokens - input_high', 'input_tokens', 0
            ) ~ " else computed_cost_usd end"
        ) }} as wasted_cost_usd
    from classified
    where waste_class is not null

),

final as (

    select
        {{ waste_keys() | join(',\n        ') }},
        count(*) as call_count,
        count(*) filter (where is_unpriced) as unpriced_call_count,
        {{ cost_sum('wasted_cost_usd') }} as wasted_cost_usd
    from wasted
    -- What cost nothing wasted nothing.
    where
        is_unpriced
        or wasted_cost_usd <> 0
    group by
        {{ waste_keys() | join(',\n        ') }}

)

select * from final
