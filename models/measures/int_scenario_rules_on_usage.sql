-- Which rows of use each rule of a scenario moves.
-- Grain: one row per usage_row_number, scenario and lever: of several rules the one of the narrowest scope.
{{ config(materialized='table') }}
{% set columns = {} %}
{% for dimension, column in usage_dimensions().items() if dimension != 'all' %}
{% do columns.update({dimension: ['usage_rows.' ~ column]}) %}
{% endfor %}
{% do columns.update({
    'provider': ['usage_rows.provider', 'usage_rows.resolved_provider'],
    'model': ['usage_rows.model', 'usage_rows.resolved_model'],
}) %}
with

rules as (

    select * from {{ ref('int_scenarios_read') }}
    where rule_status = 'known' and lever <> 'plan_price'

),

usage_rows as (

    select * from {{ ref('int_scenario_usage_daily') }}

),

met as (

    select
        rules.rule_number,
        rules.scenario,
        rules.lever,
        usage_rows.usage_row_number,
        row_number() over (
            partition by usage_rows.usage_row_number, rules.scenario, rules.lever
            order by {{ scope_width('rules.scope_dimension') }} asc nulls last, rules.rule_number asc nulls last
        ) as width_rank
    from rules
    inner join usage_rows
        on {{ in_scenario_scope('rules', columns) }}
    where
        -- A cache and another model answer; embeddings, retrieval and moderation stay.
        (rules.lever not in ('cache_rate', 'model_swap') or usage_rows.is_inference_type)
        -- Nobody has a quota there.
        and (rules.lever <> 'quota' or usage_rows.customer_id <> 'unattributed')

),

final as (

    select
        usage_row_number,
        scenario,
        lever,
        rule_number
    from met
    where width_rank = 1

)

select * from final
