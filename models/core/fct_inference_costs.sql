-- What each call really cost, by component: bills, true-ups and training jobs shared out to the single call.
-- Grain: one row per call_id.
-- Each part is divided and rounded once, here as in fct_usage_daily, so the two differ by roundings only.
-- Billed money that no call carries is not in here: fct_usage_daily has it. What the call was for is in
-- fct_inference_calls: join by call_id.
{{ config(**touched_days_config('int_usage_days_touched')) }}
{% set priced = cost_components('calls') %}
{% set shared = cost_components('bills') %}
{% set charged = cost_components('training') %}
with

calls as (

    select
        *,
        cast({{ dbt.date_trunc('month', 'utc_date') }} as date) as period_start_date
    from {{ ref('int_calls_to_cost') }}

),

models_billed as (

    select * from {{ ref('int_models_billed_monthly') }}

),

true_ups as (

    select * from {{ ref('int_true_ups_daily') }}

),

allocated as (

    select
        call_id,
        {% for component in shared -%}
        {{ cost_sum('allocated_cost_usd', "component = '" ~ component | replace('_cost_usd', '') ~ "'") }}
            as {{ component }}{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref('int_bills_allocated_to_calls') }}
    group by call_id

),

trained as (

    select
        call_id,
        {{ cost_sum('fine_tuning_cost_usd') }} as fine_tuning_cost_usd
    from {{ ref('int_finetuning_charged_to_calls') }}
    group by call_id

),

joined as (

    select
        calls.*,
        {% for component in priced -%}
        {{ trued_up(
            'calls.computed_' ~ component,
            'embedding_true_ups' if component == 'embedding_cost_usd' else 'llm_true_ups'
        ) }} as priced_{{ component }},
        {% endfor -%}
        {% for component in shared -%}
        {{ money('coalesce(allocated.' ~ component ~ ', 0)') }} as {{ component }},
        {% endfor -%}
        {{ money('coalesce(trained.fine_tuning_cost_usd, 0)') }} as fine_tuning_cost_usd,
        case when calls.is_llm_call then llm_true_ups.utc_date else embedding_true_ups.utc_date end is not null
            as is_trued_up,
        allocated.call_id is not null as has_bill_share
    from calls
    inner join models_billed
        on calls.period_start_date = models_billed.period_start_date
        and calls.resolved_provider = models_billed.resolved_provider
        and calls.model = models_billed.model
        and calls.resolved_model = models_billed.resolved_model
    left join true_ups as llm_true_ups
        on calls.resolved_provider = llm_true_ups.resolved_provider
        and models_billed.llm_api_tag = llm_true_ups.model_tag
        and calls.utc_date = llm_true_ups.utc_date
        and llm_true_ups.true_up_group = 'llm_api'
    left join true_ups as embedding_true_ups
        on calls.resolved_provider = embedding_true_ups.resolved_provider
        and models_billed.embedding_group = embedding_true_ups.true_up_group
        and models_billed.embedding_tag = embedding_true_ups.model_tag
        and calls.utc_date = embedding_true_ups.utc_date
    left join allocated
        on calls.call_id = allocated.call_id
    left join trained
        on calls.call_id = trained.call_id

),

final as (

    select
        call_id,
        {{ inference_id('request_id', 'step', 'call_type') }} as inference_id,
        usage_date,
        {% for component in cost_components() -%}
        {% if component in priced -%}
        -- What has no price is not free: null, while the call may carry its share of bills.
        case when pricing_status <> 'unpriced' then priced_{{ component }} end as {{ component }},
        {% else -%}
        {{ component }},
        {% endif -%}
        {% endfor -%}
        {% set inference_parts -%}
        priced_{{ priced | join(' + priced_') }} + {{ shared | join(' + ') }}
        {%- endset -%}
        {{ money(inference_parts) }} as inference_cost_usd,
        {{ money(inference_parts ~ ' + ' ~ charged | join(' + ')) }} as ai_cost_usd,
        case
            when pricing_status = 'unpriced' then 'estimated'
            when not is_trued_up and computed_{{ priced | join(' + computed_') }} <> 0 then 'estimated'
            when has_bill_share then 'billed'
            when is_trued_up then 'trued_up'
            else 'estimated'
        end as cost_status
    from joined

)

select * from final
