-- The use that scenarios are replayed over: the last complete quarter, with the tokens and the effective token cost.
-- Grain: one row per usage_row_number, which is one row of int_usage_trued_up_daily. Internal use is left out.
-- replayed_* are the tokens that somebody paid for: those of billed calls, whether they served or not; failures that
-- nobody billed cost nothing anywhere. Bills that no call carries are not in here: they stay as they are.
{{ config(materialized='table') }}
with

usage_rows as (

    select usage_rows.*
    from {{ ref('int_usage_trued_up_daily') }} as usage_rows
    inner join {{ ref('int_quarter_over') }} as quarters
        on usage_rows.usage_date >= quarters.period_start_date
        and usage_rows.usage_date < quarters.next_quarter_start_date

),

planned as (

    select
        usage_rows.*,
        coalesce(plans.plan, customers.crm_plan) as plan,
        customers.segment,
        customers.business_model,
        {{ is_inference_type('usage_rows.call_type') }} as is_inference_type
    from usage_rows
    inner join {{ ref('dim_customers') }} as customers
        on usage_rows.customer_id = customers.customer_id
    left join {{ ref('dim_customer_plans') }} as plans
        on
            usage_rows.customer_id = plans.customer_id
            and usage_rows.usage_date >= plans.valid_from_date
            and (plans.valid_to_date is null or usage_rows.usage_date < plans.valid_to_date)
    where not customers.is_internal

),

final as (

    select
        cast(row_number() over (
            order by
                usage_date asc nulls last,
                utc_date asc nulls last,
                {{ usage_row_dimensions() | join(' asc nulls last,\n                ') }} asc nulls last
        ) as bigint) as usage_row_number,
        usage_date,
        utc_date,
        cast({{ dbt.date_trunc('month', 'usage_date') }} as date) as month_date,
        plan,
        segment,
        business_model,
        {% for dimension in usage_row_dimensions() -%}
        {{ dimension }},
        {% endfor -%}
        is_inference_type,
        served_inference_count,
        successful_inference_count,
        uncached_input_tokens + cache_read_tokens + cache_write_5m_tokens + cache_write_1h_tokens + output_tokens
            as tokens,
        {% for bucket in token_buckets() -%}
        billed_{{ bucket }} as replayed_{{ bucket }},
        {% endfor -%}
        {{ ratio(
            'billed_uncached_input_tokens + billed_cache_read_tokens + billed_cache_write_5m_tokens'
            ~ ' + billed_cache_write_1h_tokens', 'billed_call_count'
        ) }} as input_tokens_per_call,
        request_fee_usd,
        {{ money('computed_' ~ cost_components('calls') | join(' + computed_')) }} as computed_cost_usd,
        {{ money(cost_components('calls') | join(' + ')) }} as token_cost_usd
    from planned

)

select * from final
