-- What each call really cost, by component: bills, true-ups and training jobs shared out to the single call.
-- Grain: one row per call_id.
-- A view: each part is divided and rounded once, here as in fct_usage_daily, so the two differ by roundings only.
-- Billed money that no call carries is not in here: fct_usage_daily has it.
{{ config(materialized='view') }}
with

calls as (

    select * from {{ ref('fct_inference_calls') }}

),

models_billed as (

    select * from {{ ref('int_models_billed_monthly') }}

),

true_ups as (

    select * from {{ ref('int_true_ups_daily') }}

),

lines as (

    select
        lines.*,
        days.utc_date
    from {{ ref('int_bill_lines_driven') }} as lines
    inner join {{ ref('int_bill_line_days') }} as days
        on lines.line_id = days.line_id
    where
        lines.driver <> 'none'
        and lines.component <> 'other_cogs'

),

charged as (

    select
        call_id,
        {{ cost_sum('fine_tuning_cost_usd') }} as fine_tuning_cost_usd
    from {{ ref('int_finetuning_charged_to_calls') }}
    group by call_id

),

computed as (

    select
        call_id,
        requested_at,
        usage_date,
        utc_date,
        customer_id,
        feature,
        call_type,
        provider,
        model,
        resolved_provider,
        resolved_model,
        pricing_status,
        cast({{ dbt.date_trunc('month', 'utc_date') }} as date) as period_start_date,
        {{ is_llm_call('call_type') }} as is_llm_call,
        {{ money(
            'case when ' ~ is_llm_call('call_type')
            ~ ' then coalesce(uncached_input_cost_usd + output_cost_usd + request_fee_usd, 0) else 0 end'
        ) }} as computed_llm_api_cost_usd,
        {{ money(
            'case when ' ~ is_llm_call('call_type')
            ~ ' then coalesce(cache_read_cost_usd + cache_write_cost_usd, 0) else 0 end'
        ) }} as computed_prompt_cache_cost_usd,
        {{ money('case when ' ~ is_llm_call('call_type') ~ ' then 0 else coalesce(computed_cost_usd, 0) end') }}
            as computed_embedding_cost_usd,
        case when is_response_cache_hit then 0 else coalesce(gpu_seconds, 0) end as driver_gpu_seconds,
        case
            when is_response_cache_hit then 0
            else
                uncached_input_tokens + cache_read_tokens + cache_write_5m_tokens + cache_write_1h_tokens
                + output_tokens
        end as driver_tokens,
        case when is_response_cache_hit then 0 else 1 end as driver_calls,
        case when call_type = 'retrieval' and not is_response_cache_hit then 1 else 0 end as driver_retrievals,
        case when is_successful and not is_response_cache_hit then 1 else 0 end as driver_inferences
    from calls

),

allocated_parts as (

    select
        computed.call_id,
        lines.component,
        {{ shared_part('lines.recognised_usd', bill_driver('lines', 'computed'), 'lines.line_driver_quantity') }}
            as allocated_cost_usd
    from lines
    inner join computed
        on lines.utc_date = computed.utc_date
        and {{ in_bill_scope('lines', 'computed') }}
    where {{ bill_driver('lines', 'computed') }} > 0

),

allocated as (

    select
        call_id,
        {{ cost_sum('allocated_cost_usd', "component = 'gpu_compute'") }} as gpu_compute_cost_usd,
        {{ cost_sum('allocated_cost_usd', "component = 'vector_db'") }} as vector_db_cost_usd,
        {{ cost_sum('allocated_cost_usd', "component = 'other_ai'") }} as other_ai_cost_usd
    from allocated_parts
    group by call_id

),

joined as (

    select
        computed.*,
        {{ trued_up('computed.computed_llm_api_cost_usd', 'llm_true_ups') }} as priced_llm_api_cost_usd,
        {{ trued_up('computed.computed_prompt_cache_cost_usd', 'llm_true_ups') }} as priced_prompt_cache_cost_usd,
        {{ trued_up('computed.computed_embedding_cost_usd', 'embedding_true_ups') }} as priced_embedding_cost_usd,
        {% for component in ['gpu_compute', 'vector_db', 'other_ai'] -%}
        {{ money('coalesce(allocated.' ~ component ~ '_cost_usd, 0)') }} as {{ component }}_cost_usd,
        {% endfor -%}
        {{ money('coalesce(charged.fine_tuning_cost_usd, 0)') }} as fine_tuning_cost_usd,
        case when computed.is_llm_call then llm_true_ups.utc_date else embedding_true_ups.utc_date end is not null
            as is_trued_up,
        allocated.call_id is not null as is_billed
    from computed
    inner join models_billed
        on computed.period_start_date = models_billed.period_start_date
        and computed.resolved_provider = models_billed.resolved_provider
        and computed.model = models_billed.model
        and computed.resolved_model = models_billed.resolved_model
    left join true_ups as llm_true_ups
        on computed.resolved_provider = llm_true_ups.resolved_provider
        and models_billed.llm_api_tag = llm_true_ups.model_tag
        and computed.utc_date = llm_true_ups.utc_date
        and llm_true_ups.true_up_group = 'llm_api'
    left join true_ups as embedding_true_ups
        on computed.resolved_provider = embedding_true_ups.resolved_provider
        and models_billed.embedding_group = embedding_true_ups.true_up_group
        and models_billed.embedding_tag = embedding_true_ups.model_tag
        and computed.utc_date = embedding_true_ups.utc_date
    left join allocated
        on computed.call_id = allocated.call_id
    left join charged
        on computed.call_id = charged.call_id

),

final as (

    select
        call_id,
        requested_at,
        usage_date,
        customer_id,
        pricing_status,
        -- What has no price is not free: null, while the call may carry its share of bills.
        {% for component in ['llm_api', 'prompt_cache', 'embedding'] -%}
        case when pricing_status <> 'unpriced' then priced_{{ component }}_cost_usd end as {{ component }}_cost_usd,
        {% endfor -%}
        gpu_compute_cost_usd,
        vector_db_cost_usd,
        fine_tuning_cost_usd,
        other_ai_cost_usd,
        {{ money(
            'priced_llm_api_cost_usd + priced_prompt_cache_cost_usd + priced_embedding_cost_usd'
            ~ ' + gpu_compute_cost_usd + vector_db_cost_usd + other_ai_cost_usd'
        ) }} as inference_cost_usd,
        {{ money(
            'priced_llm_api_cost_usd + priced_prompt_cache_cost_usd + priced_embedding_cost_usd'
            ~ ' + gpu_compute_cost_usd + vector_db_cost_usd + other_ai_cost_usd + fine_tuning_cost_usd'
        ) }} as ai_cost_usd,
        case
            when pricing_status = 'unpriced' then 'estimated'
            when
                not is_trued_up
                and computed_llm_api_cost_usd + computed_prompt_cache_cost_usd + computed_embedding_cost_usd <> 0
                then 'estimated'
            when is_billed then 'billed'
            when is_trued_up then 'trued_up'
            else 'estimated'
        end as cost_status
    from joined

)

select * from final
