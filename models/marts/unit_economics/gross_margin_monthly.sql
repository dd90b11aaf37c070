-- Revenue, cost and both margins of the company and its parts.
-- Grain: one row per period_start_date, dimension (all, product, plan, segment, business_model) and dimension_value.
-- Internal use and the revenue of internal accounts are left out. Never add dimensions up: each holds the whole again.
{% set dimensions = {
    'all': "'all'", 'product': 'product_id', 'plan': 'plan', 'segment': 'segment', 'business_model': 'business_model',
} %}
with

daily as (

    select * from {{ ref('int_unit_economics_daily') }}
    where not is_internal

),

{% for dimension, expression in dimensions.items() %}
by_{{ dimension }} as (

    select
        month_date as period_start_date,
        '{{ dimension }}' as dimension,
        {{ expression }} as dimension_value,
        {{ cost_sum('ai_cost_usd', "customer_id = 'unattributed'") }} as unattributed_cost_usd,
        {{ all_revenue_complete() }} as is_revenue_complete,
        {{ economics_sums() }}
    from daily
    group by
        month_date,
        {{ expression }}

),

{% endfor %}
dimensions as (

    {% for dimension in dimensions %}
    select * from by_{{ dimension }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

begun as (

    -- No period after as_of_date has a row.
    select
        dimensions.*,
        {{ is_complete('dimensions.period_start_date', 'month') }} as is_complete
    from dimensions
    inner join {{ ref('int_as_of_date') }} as as_of
        on dimensions.period_start_date <= as_of.as_of_date

),

final as (

    select
        period_start_date,
        dimension,
        dimension_value,
        call_count,
        unpriced_call_count,
        successful_inference_count,
        revenue_usd,
        ai_revenue_usd,
        inference_cost_usd,
        {{ money('ai_cost_usd - inference_cost_usd') }} as fine_tuning_cost_usd,
        ai_cost_usd,
        other_cogs_usd,
        {{ money('revenue_usd - ai_cost_usd - other_cogs_usd') }} as gross_profit_usd,
        {{ margin_ratios() }},
        case when revenue_usd > 0 then {{ ratio('inference_cost_usd', 'revenue_usd') }} end
            as inference_cost_to_revenue_ratio,
        {{ ratio('unpriced_call_count', 'call_count') }} as unpriced_ratio,
        {{ ratio('unattributed_cost_usd', 'ai_cost_usd') }} as unattributed_ratio,
        cost_status,
        revenue_usd - ai_cost_usd - other_cogs_usd < 0 as is_loss_making,
        is_complete,
        is_revenue_complete
    from begun

)

select * from final
