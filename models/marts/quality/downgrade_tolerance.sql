-- Where a cheaper model does the work of an expensive one: evidence with its interval, and the dollars in it.
-- Grain: one row per use_case, expensive_model, cheap_model and evidence_method (paired, ab), and `all`.
-- The row `all` weighs the paired evidence by traffic, and saves each call once, at its best model.
-- decisions.md, Downgrade tolerance and Savings of a downgrade.
{# Every column with what it is on the row `all`. Evidence without traffic weighs nothing, and is asked for nothing. #}
{% set no_ratio, no_word = 'cast(null as decimal(28, 12))', 'cast(null as string)' %}
{% set traffic = token_sum('traffic_inference_count') %}
{% set best_actual = cost_sum('actual_cost_usd', 'is_best_model') %}
{% set best_repriced = cost_sum('repriced_cost_usd', 'is_best_model') %}
{% set by_traffic = {} %}
{% for bound in ['tolerance_ratio', 'lower_ratio', 'upper_ratio'] %}
    {% do by_traffic.update({bound: ratio(
        'sum(cast(traffic_inference_count as decimal(19, 0)) * cast(' ~ bound ~ ' as decimal(15, 12)))', traffic
    )}) %}
{% endfor %}
{% set overall = {
    'use_case': "'all'",
    'expensive_model': "'all'",
    'cheap_model': "'all'",
    'evidence_method': "'paired'",
    'pair_count': 'cast(sum(pair_count) as bigint)',
    'tolerating_count': 'cast(sum(tolerating_count) as bigint)',
    'observation_count': 'cast(sum(pair_count) as bigint)',
    'traffic_inference_count': traffic,
    'eligible_call_count': token_sum('eligible_call_count', 'is_best_model'),
    'unpriced_call_count': token_sum('unpriced_call_count', 'is_best_model'),
    'actual_cost_usd': best_actual,
    'repriced_cost_usd': best_repriced,
    'cost_multiple': ratio(best_actual, best_repriced),
    'tolerance_ratio': by_traffic.tolerance_ratio,
    'lower_ratio': by_traffic.lower_ratio,
    'upper_ratio': by_traffic.upper_ratio,
    'mean_expensive_score': no_ratio,
    'mean_cheap_score': no_ratio,
    'retention_ratio': no_ratio,
    'quality_drop_ratio': no_ratio,
    'score_difference': no_ratio,
    'difference_lower': no_ratio,
    'difference_upper': no_ratio,
    'is_non_inferior': 'cast(null as boolean)',
    'decision': no_word,
    'matrix_decision': no_word,
    'last_evidence_date': 'max(last_evidence_date)',
    'is_stale': 'count(*) filter (where traffic_inference_count > 0 and is_stale) > 0',
    'is_sufficient': 'count(*) filter (where traffic_inference_count > 0 and is_sufficient) > 0'
        ~ ' and count(*) filter (where traffic_inference_count > 0 and not is_sufficient) = 0',
    'monthly_saving_usd': cost_sum('monthly_saving_usd', 'is_best_model and monthly_saving_usd > 0'),
    'monthly_saving_lower_usd': cost_sum('monthly_saving_lower_usd', 'is_best_model and monthly_saving_usd > 0'),
} %}
with

pairs as (

    select * from {{ ref('int_downgrade_savings') }}

),

targets as (

    select * from {{ ref('metric_targets') }}
    where
        shown_on = 'scorecard'
        and metric = 'downgrade_tolerance'
        and company_stage = '{{ var("company_stage") }}'

),

typical as (

    select * from {{ ref('benchmarks') }}
    where metric = 'downgrade_tolerance'

),

combined as (

    select
        {% for column in overall -%}
        {{ column }},
        {% endfor -%}
        {{ no_ratio }} as safe_traffic_ratio
    from pairs

    union all

    select
        {% for column, expression in overall.items() -%}
        {{ expression }} as {{ column }},
        {% endfor -%}
        {{ ratio(token_sum('traffic_inference_count', "decision = 'yes'"), traffic) }} as safe_traffic_ratio
    from pairs
    where evidence_method = 'paired'
    having count(*) > 0

),

final as (

    select
        {% for column in overall -%}
        combined.{{ column }},
        {% endfor -%}
        combined.safe_traffic_ratio,
        cast(typical.low as decimal(28, 12)) as typical_low_ratio,
        cast(typical.high as decimal(28, 12)) as typical_high_ratio,
        cast(targets.target_value as decimal(28, 12)) as target_ratio,
        -- A target inside the interval is neither met nor missed.
        case
            when combined.lower_ratio is null or targets.target_value is null then 'no_data'
            when combined.lower_ratio > targets.target_value then 'met'
            when combined.upper_ratio < targets.target_value then 'missed'
            else 'undecided'
        end as verdict
    from combined
    left join targets
        on targets.metric = 'downgrade_tolerance'
    left join typical
        on combined.use_case = typical.band

)

select * from final
