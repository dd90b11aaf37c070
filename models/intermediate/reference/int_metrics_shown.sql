-- The metrics of the scorecard and of the weekly view with what the company's stage aims at. One that the seed
-- metric_targets does not have is shown all the same, without a target.
-- Grain: one row per shown_on and metric.
{% set shown = {
    'scorecard': {
        'cost_per_inference': ['<', 'usd', 'weekly'],
        'gross_margin': ['>', 'ratio', 'weekly'],
        'unit_cost_trend': ['<=', 'ratio', 'monthly'],
        'adjusted_cac': ['<', 'usd', 'quarterly'],
        'data_flywheel': ['>', 'ratio', 'quarterly'],
        'prompt_efficiency': ['<', 'tokens', 'weekly'],
        'downgrade_tolerance': ['>', 'ratio', 'monthly'],
        'inference_efficiency': ['>=', 'multiple', 'monthly'],
    },
    'weekly_view': {
        'total_inference_cost': ['<', 'usd', 'weekly'],
        'cost_per_active_user': ['<', 'usd', 'weekly'],
        'inference_cost_to_revenue': ['<', 'ratio', 'weekly'],
        'gross_margin': ['>', 'ratio', 'weekly'],
        'response_cache_hit': ['>', 'ratio', 'weekly'],
        'mid_and_small_models': ['>', 'ratio', 'weekly'],
        'top_20_cost_to_mrr': ['<', 'ratio', 'weekly'],
    },
} %}
with

listed as (

    {% for place, metrics in shown.items() %}
    {%- set is_last_place = loop.last %}
    {%- for metric, (comparison, unit, cadence) in metrics.items() %}
    select
        '{{ place }}' as shown_on,
        cast({{ loop.index }} as bigint) as position,
        '{{ metric }}' as metric,
        '{{ metric | replace("_", " ") | capitalize }}' as metric_name,
        '{{ comparison }}' as comparison,
        '{{ unit }}' as unit,
        '{{ cadence }}' as cadence
    {{ 'union all' if not (loop.last and is_last_place) }}
    {%- endfor %}
    {%- endfor %}

),

targets as (

    select * from {{ ref('metric_targets') }}
    where company_stage = '{{ var("company_stage") }}'

),

final as (

    select
        listed.shown_on,
        coalesce(targets.position, listed.position) as position,
        listed.metric,
        coalesce(targets.metric_name, listed.metric_name) as metric_name,
        coalesce(targets.comparison, listed.comparison) as comparison,
        targets.target_value,
        coalesce(targets.target_label, '') as target_label,
        coalesce(targets.unit, listed.unit) as unit,
        coalesce(targets.cadence, listed.cadence) as cadence,
        coalesce(targets.needs, '') as needs,
        coalesce(targets.action, 'none') as action
    from listed
    left join targets
        on listed.shown_on = targets.shown_on
        and listed.metric = targets.metric

)

select * from final
