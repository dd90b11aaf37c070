-- Usage of each month and the parts its cost is made of, by dimension, model and tier, as the CPI bridge asks for them.
-- Grain: one row per period_start_date, dimension (all, customer, plan, feature), dimension_value, resolved_provider,
-- resolved_model, service_tier and context_tier.
-- The parts of ai_cost_usd are exclusive and complete: token cost of served inferences by bucket, retries,
-- support_and_fees, shared, true_up. Each dimension holds the whole again. decisions.md, CPI bridge.
{{ config(materialized='table') }}
{% set shared = cost_components('bills') + cost_components('training') %}
with

usage_rows as (

    select
        cast({{ dbt.date_trunc('month', 'usage_daily.usage_date') }} as date) as period_start_date,
        usage_daily.customer_id,
        coalesce(plans.plan, customers.crm_plan) as plan,
        usage_daily.feature,
        customers.is_internal,
        usage_daily.resolved_provider,
        usage_daily.resolved_model,
        usage_daily.service_tier,
        usage_daily.context_tier,
        usage_daily.successful_inference_count,
        usage_daily.served_inference_count,
        {% for bucket in served_buckets() -%}
        usage_daily.productive_{{ bucket }}_tokens,
        usage_daily.productive_{{ bucket }}_cost_usd,
        {% endfor -%}
        -- Fees are no token cost, whatever came of the call.
        case
            when {{ is_inference_type('usage_daily.call_type') }}
                then {{ money(
                    'usage_daily.computed_cost_usd - usage_daily.request_fee_usd - usage_daily.productive_'
                    ~ served_buckets() | join('_cost_usd - usage_daily.productive_') ~ '_cost_usd'
                ) }}
            else {{ money('0') }}
        end as retries_cost_usd,
        case
            when {{ is_inference_type('usage_daily.call_type') }} then usage_daily.request_fee_usd
            else usage_daily.computed_cost_usd
        end as support_and_fees_cost_usd,
        {{ money('usage_daily.' ~ shared | join(' + usage_daily.')) }} as shared_cost_usd,
        {{ money(
            'usage_daily.' ~ cost_components('calls') | join(' + usage_daily.') ~ ' - usage_daily.computed_cost_usd'
        ) }} as true_up_cost_usd,
        usage_daily.ai_cost_usd
    from {{ ref('fct_usage_daily') }} as usage_daily
    inner join {{ ref('dim_customers') }} as customers
        on usage_daily.customer_id = customers.customer_id
    left join {{ ref('dim_customer_plans') }} as plans
        on
            usage_daily.customer_id = plans.customer_id
            and usage_daily.usage_date >= plans.valid_from_date
            and (plans.valid_to_date is null or usage_daily.usage_date < plans.valid_to_date)

),

-- One pass over the days: the dimensions are summed from the months.
monthly as (

    select
        period_start_date,
        customer_id,
        plan,
        feature,
        is_internal,
        resolved_provider,
        resolved_model,
        service_tier,
        context_tier,
        {% for measure, data_type in bridge_measures().items() -%}
        cast(sum({{ measure }}) as {{ data_type }}) as {{ measure }}{{ ',' if not loop.last }}
        {% endfor %}
    from usage_rows
    group by
        period_start_date,
        customer_id,
        plan,
        feature,
        is_internal,
        resolved_provider,
        resolved_model,
        service_tier,
        context_tier

),

final as (

    {% for dimension in ['all', 'customer', 'plan', 'feature'] -%}
    select
        '{{ dimension }}' as dimension,
        {{ usage_dimensions()[dimension] }} as dimension_value,
        period_start_date,
        resolved_provider,
        resolved_model,
        service_tier,
        context_tier,
        {% for measure, data_type in bridge_measures().items() -%}
        cast(sum({{ measure }}) as {{ data_type }}) as {{ measure }}{{ ',' if not loop.last }}
        {% endfor %}
    from monthly
    {% if dimension != 'customer' -%}
    where not is_internal
    {% endif -%}
    group by
        {{ usage_dimensions()[dimension] }},
        period_start_date,
        resolved_provider,
        resolved_model,
        service_tier,
        context_tier
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select * from final
