-- Evidence, bounds, dollars and targets of each pair of models, worked out again: scores from single evaluations, each
-- divided by its own scale, bounds by the textbook's form of Wilson's interval, experiments, repriced calls and seeds as
-- they lie below; savings are of the row's own numbers, and `all` is its rows weighed by traffic. Months of
-- downgrade_drift_monthly likewise. A wrong bound would switch a model on evidence that is not there.
-- Doubles agree within a billionth. That the evaluations are all there, and the traffic, other tests ask.
{% set doubles = {
    'downgrade_tolerance': [
        'lower_ratio', 'upper_ratio', 'mean_expensive_score', 'mean_cheap_score', 'retention_ratio',
        'monthly_saving_usd', 'monthly_saving_lower_usd',
    ],
    'downgrade_drift_monthly': ['lower_ratio', 'upper_ratio', 'retention_ratio'],
} %}
{% set z = var('confidence_z') %}
{% set key = ['use_case', 'expensive_model', 'cheap_model'] %}
with

evaluations as (

    select
        {{ key | join(',\n        ') }},
        cast({{ dbt.date_trunc('month', 'evaluated_date') }} as date) as period_start_date,
        case when is_tolerating then 1 else 0 end as tolerating_count,
        cast(weight as double) as weight,
        cast(weighted_expensive_points as double) / cast(scale_range as double) as expensive_score,
        cast(weighted_cheap_points as double) / cast(scale_range as double) as cheap_score
    from {{ ref('int_evaluations_scored') }}

),

{% for name, dates in {'pairs': [], 'months': ['period_start_date']}.items() -%}
summed_{{ name }} as (

    select
        {{ (key + dates) | join(',\n        ') }},
        count(*) as pair_count,
        sum(tolerating_count) as tolerating_count,
        cast(sum(tolerating_count) as double) / count(*) as tolerance,
        cast(count(*) as double) as n,
        sum(weight) as weight,
        sum(expensive_score) as expensive_score,
        sum(cheap_score) as cheap_score
    from evaluations
    group by
        {{ (key + dates) | join(',\n        ') }}

),

bounded_{{ name }} as (

    select
        *,
        {% for bound, sign in {'lower': '-', 'upper': '+'}.items() -%}
        (
            tolerance + {{ z }} * {{ z }} / (2 * n)
            {{ sign }} {{ z }} * sqrt(tolerance * (1 - tolerance) / n + {{ z }} * {{ z }} / (4 * n * n))
        ) / (1 + {{ z }} * {{ z }} / n) as {{ bound }}_ratio,
        {% endfor -%}
        case when weight <> 0 then expensive_score / weight end as mean_expensive_score,
        case when weight <> 0 then cheap_score / weight end as mean_cheap_score,
        case when expensive_score > 0.000000001 then cheap_score / expensive_score end as retention_ratio
    from summed_{{ name }}

),

{% endfor -%}
costs as (

    select
        {{ key | join(',\n        ') }},
        count(*) as eligible_call_count,
        count(*) filter (where repriced_cost_usd is null) as unpriced_call_count,
        {{ cost_sum('computed_cost_usd', 'repriced_cost_usd is not null') }} as actual_cost_usd,
        {{ cost_sum('repriced_cost_usd') }} as repriced_cost_usd
    from {{ ref('int_calls_repriced') }}
    where is_recent
    group by
        {{ key | join(',\n        ') }}

),

tolerance as (

    select * from {{ ref('downgrade_tolerance') }}

),

targets as (

    select max(target_value) as target_value
    from {{ ref('metric_targets') }}
    where
        shown_on = 'scorecard'
        and metric = 'downgrade_tolerance'
        and company_stage = '{{ var("company_stage") }}'

),

typical as (

    select * from {{ ref('benchmarks') }}
    where metric = 'downgrade_tolerance'

),

wanted as (

    select
        tolerance.*,
        bounded.pair_count as wanted_pair_count,
        bounded.tolerating_count as wanted_tolerating_count,
        {% for column in ['lower_ratio', 'upper_ratio', 'mean_expensive_score', 'mean_cheap_score', 'retention_ratio'] -%}
        bounded.{{ column }} as wanted_{{ column }},
        {% endfor -%}
        {% for column, part in {
            'monthly_saving_usd': 'bounded.tolerance', 'monthly_saving_lower_usd': 'cast(tolerance.lower_ratio as double)'
        }.items() -%}
        case
            when tolerance.decision = 'yes' and tolerance.is_sufficient and not tolerance.is_stale
                then cast(tolerance.actual_cost_usd - tolerance.repriced_cost_usd as double)
                * {{ part }} * 365 / 12 / {{ var('traffic_days') }}
            else 0
        end as wanted_{{ column }},
        {% endfor -%}
        coalesce(costs.eligible_call_count, 0) as wanted_eligible_call_count,
        coalesce(costs.unpriced_call_count, 0) as wanted_unpriced_call_count,
        coalesce(costs.actual_cost_usd, 0) as wanted_actual_cost_usd,
        coalesce(costs.repriced_cost_usd, 0) as wanted_repriced_cost_usd
    from tolerance
    left join bounded_pairs as bounded
        on {% for column in key %}tolerance.{{ column }} = bounded.{{ column }}{{ ' and ' if not loop.last }}{% endfor %}
    left join costs
        on {% for column in key %}tolerance.{{ column }} = costs.{{ column }}{{ ' and ' if not loop.last }}{% endfor %}
    where tolerance.use_case <> 'all'

),

wrong_pairs as (

    select {{ key | join(', ') }}
    from wanted
    where
        evidence_method = 'paired'
        and (
            pair_count is distinct from wanted_pair_count
            or tolerating_count is distinct from wanted_tolerating_count
            or observation_count is distinct from wanted_pair_count
            {%- for column in doubles.downgrade_tolerance %}
            or ({{ column }} is null) <> (wanted_{{ column }} is null)
            or abs(cast({{ column }} as double) - wanted_{{ column }})
            > 0.000000001 * greatest(1, abs(wanted_{{ column }}))
            {%- endfor %}
        )

),

wrong_costs as (

    select {{ key | join(', ') }}
    from wanted
    where
        eligible_call_count <> wanted_eligible_call_count
        or unpriced_call_count <> wanted_unpriced_call_count
        or actual_cost_usd <> wanted_actual_cost_usd
        or repriced_cost_usd <> wanted_repriced_cost_usd

),

experiments as (

    select * from {{ ref('int_ab_tests_compared') }}

),

tolerance_of_experiments as (

    select * from tolerance
    where evidence_method = 'ab'

),

wrong_experiments as (

    select
        coalesce(experiments.use_case, actual.use_case) as use_case,
        coalesce(experiments.expensive_model, actual.expensive_model) as expensive_model,
        coalesce(experiments.cheap_model, actual.cheap_model) as cheap_model
    from experiments
    full outer join tolerance_of_experiments as actual
        on {% for column in key %}experiments.{{ column }} = actual.{{ column }}{{ ' and ' if not loop.last }}{% endfor %}
    where
        least(experiments.expensive_count, experiments.cheap_count) is distinct from actual.observation_count
        or actual.retention_ratio is distinct from {{ ratio(
            'case when experiments.mean_expensive_score > 0 then experiments.mean_cheap_score end',
            'experiments.mean_expensive_score'
        ) }}
        {%- for column in [
            'mean_expensive_score', 'mean_cheap_score', 'score_difference', 'difference_lower', 'difference_upper',
        ] %}
        or experiments.{{ column }} is distinct from actual.{{ column }}
        {%- endfor %}

),

wrong_seeds as (

    select
        tolerance.use_case,
        tolerance.expensive_model,
        tolerance.cheap_model
    from tolerance
    cross join targets
    left join typical
        on tolerance.use_case = typical.band
    where
        tolerance.target_ratio is distinct from targets.target_value
        or tolerance.typical_low_ratio is distinct from typical.low
        or tolerance.typical_high_ratio is distinct from typical.high

),

ranked as (

    select
        *,
        cast(traffic_inference_count as double) as traffic,
        row_number() over (
            partition by use_case, expensive_model
            order by monthly_saving_usd desc nulls last, tolerance_ratio desc nulls last, cheap_model asc nulls last
        ) as saving_rank
    from tolerance
    where use_case <> 'all' and evidence_method = 'paired'

),

weighed as (

    select
        sum(traffic_inference_count) as traffic_inference_count,
        sum(observation_count) as observation_count,
        sum(case when saving_rank = 1 then eligible_call_count else 0 end) as eligible_call_count,
        sum(case when saving_rank = 1 then unpriced_call_count else 0 end) as unpriced_call_count,
        {% for column in ['actual_cost_usd', 'repriced_cost_usd'] -%}
        {{ cost_sum('case when saving_rank = 1 then ' ~ column ~ ' end') }} as {{ column }},
        {% endfor -%}
        {% for column in ['monthly_saving_usd', 'monthly_saving_lower_usd'] -%}
        {{ cost_sum('case when saving_rank = 1 and monthly_saving_usd > 0 then ' ~ column ~ ' end') }} as {{ column }},
        {% endfor -%}
        {% for column in ['tolerance_ratio', 'lower_ratio', 'upper_ratio'] -%}
        case when sum(traffic) > 0 then sum(traffic * cast({{ column }} as double)) / sum(traffic) end as {{ column }},
        {% endfor -%}
        case
            when sum(traffic) > 0 then sum(case when decision = 'yes' then traffic else 0 end) / sum(traffic)
        end as safe_traffic_ratio
    from ranked

),

wrong_overall as (

    select
        overall.use_case,
        overall.expensive_model,
        overall.cheap_model
    from tolerance as overall
    cross join weighed
    where
        overall.use_case = 'all'
        and (
            overall.cost_multiple
            is distinct from {{ ratio('overall.actual_cost_usd', 'overall.repriced_cost_usd') }}
            {%- for column in [
                'traffic_inference_count', 'observation_count', 'eligible_call_count', 'unpriced_call_count',
                'actual_cost_usd', 'repriced_cost_usd', 'monthly_saving_usd', 'monthly_saving_lower_usd',
            ] %}
            or overall.{{ column }} is distinct from weighed.{{ column }}
            {%- endfor %}
            {%- for column in ['tolerance_ratio', 'lower_ratio', 'upper_ratio', 'safe_traffic_ratio'] %}
            or (overall.{{ column }} is null) <> (weighed.{{ column }} is null)
            or abs(cast(overall.{{ column }} as double) - weighed.{{ column }}) > 0.000000001
            {%- endfor %}
        )

),

wrong_months as (

    select
        coalesce(bounded.use_case, drift.use_case) as use_case,
        coalesce(bounded.expensive_model, drift.expensive_model) as expensive_model,
        coalesce(bounded.cheap_model, drift.cheap_model) as cheap_model
    from bounded_months as bounded
    full outer join {{ ref('downgrade_drift_monthly') }} as drift
        on bounded.period_start_date = drift.period_start_date
        {% for column in key -%}
        and bounded.{{ column }} = drift.{{ column }}
        {% endfor %}
    where
        coalesce(bounded.period_start_date, drift.period_start_date)
        <= (select max(as_of.as_of_date) from {{ ref('int_as_of_date') }} as as_of)
        and (
            bounded.pair_count is distinct from drift.pair_count
            or bounded.tolerating_count is distinct from drift.tolerating_count
            {%- for column in doubles.downgrade_drift_monthly %}
            or (bounded.{{ column }} is null) <> (drift.{{ column }} is null)
            or abs(cast(drift.{{ column }} as double) - bounded.{{ column }})
            > 0.000000001 * greatest(1, abs(bounded.{{ column }}))
            {%- endfor %}
        )

)

{% for name in ['pairs', 'costs', 'experiments', 'seeds', 'overall', 'months'] -%}
select
    '{{ name }}' as wrong,
    {{ key | join(',\n    ') }}
from wrong_{{ name }}
{{ 'union all' if not loop.last }}
{% endfor %}
