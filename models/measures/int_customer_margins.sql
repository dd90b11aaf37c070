-- What each customer brought in and cost, by week and by month, with the margins.
-- Grain: one row per period_grain (week, month), period_start_date and customer_id.
-- A table: five marts read it.
{{ config(materialized='table') }}
with

daily as (

    select * from {{ ref('int_unit_economics_daily') }}

),

{% for grain in ['week', 'month'] %}
by_{{ grain }} as (

    select
        '{{ grain }}' as period_grain,
        cast({{ dbt.date_trunc(grain, 'usage_date') }} as date) as period_start_date,
        customer_id,
        {{ all_revenue_complete() }} as is_revenue_complete,
        {{ economics_sums() }}
    from daily
    group by
        period_start_date,
        customer_id

),

{% endfor %}
periods as (

    select * from by_week
    union all
    select * from by_month

),

profits as (

    select
        *,
        {{ money('revenue_usd - ai_cost_usd - other_cogs_usd') }} as gross_profit_usd,
        {{ margin_ratios() }}
    from periods

),

final as (

    select
        period_grain,
        period_start_date,
        customer_id,
        call_count,
        unpriced_call_count,
        successful_inference_count,
        revenue_usd,
        ai_revenue_usd,
        inference_cost_usd,
        ai_cost_usd,
        other_cogs_usd,
        gross_profit_usd,
        {{ ratio('ai_revenue_usd', 'successful_inference_count') }} as revenue_per_inference_usd,
        {{ ratio('ai_cost_usd', 'successful_inference_count') }} as cost_per_inference_usd,
        inference_margin_ratio,
        gross_margin_ratio,
        {{ ratio('unpriced_call_count', 'call_count') }} as unpriced_ratio,
        cost_status,
        coalesce(gross_margin_ratio < 0, false) as has_negative_margin,
        gross_profit_usd < 0 as is_loss_making,
        revenue_usd <= 0 as has_no_revenue,
        is_revenue_complete
    from profits

)

select * from final
