-- What every lever would save of each group of calls it touches, as a share of the group's cost, and for what it is pulled.
-- Grain: one row per lever and group_id.
-- Shares of computed cost, so that they hold at effective cost too. What is counted from single calls has the lower bound
-- of its share of the calls of its scope (Wilson, 95 %), of those it does not touch too: a few calls are no certainty.
-- decisions.md, Savings.
{{ config(materialized='table') }}
with

usage_groups as (

    select * from {{ ref('int_savings_groups') }}

),

{% set scopes = {
    'step': ['workflow', 'step'], 'feature': ['feature'], 'use_case': ['use_case'], 'model': ['use_case', 'resolved_model'],
} -%}
{% set sources = [
    'int_savings_of_calls', 'int_savings_of_prefixes', 'int_savings_of_models', 'int_savings_of_tiers',
    'int_savings_of_own_machines',
] -%}
{% set optional = {
    'saving_lower_usd': 'decimal(28, 12)', 'target': 'string', 'pair_count': 'bigint', 'tolerating_count': 'bigint',
    'last_pair_date': 'date',
} -%}
{% set given = {
    'int_savings_of_calls': ['target'],
    'int_savings_of_prefixes': ['saving_lower_usd', 'target'],
    'int_savings_of_models': optional.keys() | list,
    'int_savings_of_tiers': ['saving_lower_usd'],
    'int_savings_of_own_machines': ['saving_lower_usd'],
} -%}
savings as (

    {% for source in sources -%}
    select
        lever,
        {{ savings_group() | join(',\n        ') }},
        call_count,
        saving_usd,
        {% for column, data_type in optional.items() -%}
        {{ column if column in given[source] else 'cast(null as ' ~ data_type ~ ') as ' ~ column }}{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref(source) }}

    {{ 'union all' if not loop.last }}
    {% endfor %}
),

scoped as (

    select
        savings.lever,
        {{ savings_word('scope') }} as scope_dimension,
        case savings.lever
            {% for lever, about in savings_levers().items() -%}
            when '{{ lever }}' then savings.{{ scopes[about.scope] | join(" || ' / ' || savings.") }}
            {% endfor %}
        end as scope_value,
        {{ savings_word('family') }} as family,
        usage_groups.group_id,
        usage_groups.monthly_cost_usd,
        savings.call_count,
        savings.target,
        savings.pair_count,
        savings.tolerating_count,
        savings.last_pair_date,
        {{ ratio('least(savings.saving_usd, usage_groups.computed_cost_usd)', 'usage_groups.computed_cost_usd') }}
            as saving_ratio,
        {{ ratio(
            'least(savings.saving_lower_usd, savings.saving_usd, usage_groups.computed_cost_usd)',
            'usage_groups.computed_cost_usd'
        ) }} as saving_lower_ratio,
        savings.saving_lower_usd is null as is_counted
    from savings
    inner join usage_groups
        on {% for column in savings_group() -%}
        savings.{{ column }} = usage_groups.{{ column }}
        {{- '\n        and ' if not loop.last }}
        {%- endfor %}

),

-- What embeddings, retrieval and moderation call is no chance of a find.
calls_in_scope as (

    {% for scope, columns in scopes.items() -%}
    select
        '{{ scope }}' as scope_dimension,
        {{ columns | join(" || ' / ' || ") }} as scope_value,
        {{ token_sum('call_count') }} as call_count
    from usage_groups
    where {{ is_inference_type('call_type') }}
    group by {{ columns | join(', ') }}

    {{ 'union all' if not loop.last }}
    {% endfor %}
),

counted as (

    select
        scoped.*,
        cast(sum(scoped.call_count) over (partition by scoped.lever, scoped.scope_value) as bigint) as scope_found_count,
        calls_in_scope.call_count as scope_call_count
    from scoped
    left join calls_in_scope
        on scoped.scope_dimension = calls_in_scope.scope_dimension
        and scoped.scope_value = calls_in_scope.scope_value

),

final as (

    select
        lever,
        scope_dimension,
        scope_value,
        family,
        group_id,
        monthly_cost_usd,
        call_count,
        target,
        pair_count,
        tolerating_count,
        last_pair_date,
        saving_ratio,
        case
            when is_counted then {{ part_of(
                'saving_ratio',
                'least(1, ' ~ ratio(
                    wilson_bound('scope_found_count', 'greatest(scope_found_count, scope_call_count)', '-'),
                    ratio('scope_found_count', 'greatest(scope_found_count, scope_call_count)')
                ) ~ ')'
            ) }}
            else saving_lower_ratio
        end as saving_lower_ratio
    from counted
    where saving_ratio > 0

)

select * from final
