-- Billed money that no call carries, day by day, so that nothing billed is lost: whole to its customer where the line
-- is tagged with one, else nobody's.
-- Grain: one row per reason, source_key (line, true-up key or job), component and usage_date.
-- Reasons: `no_driver` and `no_job` (int_bill_lines_spread_daily), `beyond_usage` (billed beyond what our logs can
-- explain, evenly over the covered days) and `unabsorbed` (what the window of a fine-tuning job left over).
{{ config(materialized='table') }}
with

line_days as (

    select * from {{ ref('int_bill_lines_spread_daily') }}

),

true_ups as (

    select * from {{ ref('int_true_ups_monthly') }}
    where unattributed_cost_usd <> 0

),

bill_days as (

    select * from {{ ref('int_bill_days_covered') }}
    where is_covered

),

absorbed as (

    select * from {{ ref('int_finetuning_absorbed') }}
    where unabsorbed_cost_usd <> 0

),

all_days as (

    select
        reason,
        line_id as source_key,
        period_start_date,
        model_tag,
        component,
        usage_date,
        customer_id,
        feature,
        provider,
        resolved_provider,
        model,
        resolved_model,
        service_tier,
        unattributed_cost_usd
    from line_days

    union all

    select
        'beyond_usage' as reason,
        true_ups.resolved_provider || '|' || true_ups.model_tag || '|' || cast(true_ups.period_start_date as string)
            as source_key,
        true_ups.period_start_date,
        true_ups.model_tag,
        true_ups.true_up_group as component,
        bill_days.utc_date as usage_date,
        cast(null as string) as customer_id,
        cast(null as string) as feature,
        true_ups.provider,
        true_ups.resolved_provider,
        true_ups.model,
        true_ups.resolved_model,
        cast(null as string) as service_tier,
        {{ shared_part('true_ups.unattributed_cost_usd', '1', 'true_ups.covered_days') }} as unattributed_cost_usd
    from true_ups
    inner join bill_days
        on true_ups.period_start_date = bill_days.period_start_date
        and true_ups.resolved_provider = bill_days.resolved_provider
        and true_ups.true_up_group = bill_days.component
        and true_ups.model_tag = bill_days.model_tag

    union all

    select
        'unabsorbed' as reason,
        job_id as source_key,
        cast({{ dbt.date_trunc('month', 'last_date') }} as date) as period_start_date,
        model_tag,
        'fine_tuning' as component,
        last_date as usage_date,
        cast(null as string) as customer_id,
        cast(null as string) as feature,
        provider,
        resolved_provider,
        model,
        model as resolved_model,
        cast(null as string) as service_tier,
        unabsorbed_cost_usd as unattributed_cost_usd
    from absorbed

),

final as (

    select
        reason,
        source_key,
        period_start_date,
        model_tag,
        component,
        usage_date,
        -- Customer, feature and provider are words already; of the rest a bill says the model and its tier.
        {% for dimension in usage_row_dimensions() -%}
        {% if dimension in ['customer_id', 'feature', 'provider', 'resolved_provider'] -%}
        coalesce({{ dimension }}, 'unattributed') as {{ dimension }},
        {% elif dimension in ['model', 'resolved_model', 'service_tier'] -%}
        {{ dimension_word(dimension) }} as {{ dimension }},
        {% else -%}
        'unattributed' as {{ dimension }},
        {% endif -%}
        {% endfor -%}
        unattributed_cost_usd
    from all_days

)

select * from final
