-- What use would have cost in each scenario: the model first, then prices, the cache, the quota.
-- Grain: one row per scenario and usage_row_number that a rule moves; other use costs what it did.
-- Token cost is effective: what bills make of a computed cost today they make of the replayed one.
-- scenario_token_cost_usd is null where the target of a swap has no price. moves_* says which levers changed a cost.
{{ config(materialized='table') }}
{% set multiples = ['price', 'unsubsidised'] %}
{% set steps = {
    'model_swap': ['token_cost_usd', 'swapped_cost_usd'],
    'price': ['swapped_cost_usd', 'price_cost_usd'],
    'unsubsidised': ['price_cost_usd', 'unsubsidised_cost_usd'],
    'cache_rate': ['unsubsidised_cost_usd', 'cached_cost_usd'],
    'quota': ['cached_cost_usd', 'scenario_token_cost_usd'],
} %}
with

on_usage as (

    select * from {{ ref('int_scenario_rules_on_usage') }}

),

usage_rows as (

    select * from {{ ref('int_scenario_usage_daily') }}

),

-- How often the cache answers in the whole scope of the rule.
cache_scopes as (

    select
        on_usage.rule_number,
        {{ token_sum('usage_rows.served_inference_count') }} as served_inference_count,
        {{ token_sum('usage_rows.successful_inference_count') }} as successful_inference_count
    from on_usage
    inner join usage_rows
        on on_usage.usage_row_number = usage_rows.usage_row_number
    where on_usage.lever = 'cache_rate'
    group by on_usage.rule_number

),

levers as (

    select
        on_usage.scenario,
        on_usage.usage_row_number,
        max(case when on_usage.lever = 'model_swap' then 1 else 0 end) = 1 as is_swapped,
        {% for lever in multiples -%}
        max(case when on_usage.lever = '{{ lever }}' then rules.price_multiple end) as {{ lever }}_multiple,
        {% endfor -%}
        max(rules.hit_ratio) as hit_ratio,
        max(cache_scopes.served_inference_count) as scope_served_count,
        max(cache_scopes.successful_inference_count) as scope_successful_count,
        max(case when on_usage.lever = 'quota' then on_usage.rule_number end) as quota_rule_number
    from on_usage
    inner join {{ ref('int_scenarios_read') }} as rules
        on on_usage.rule_number = rules.rule_number
    left join cache_scopes
        on on_usage.rule_number = cache_scopes.rule_number
    group by
        on_usage.scenario,
        on_usage.usage_row_number

),

swapped as (

    select
        levers.*,
        usage_rows.customer_id,
        usage_rows.plan,
        usage_rows.token_cost_usd,
        quotas.tokens as quota_scope_tokens,
        quotas.kept_tokens,
        case
            when not levers.is_swapped then usage_rows.token_cost_usd
            when usage_rows.computed_cost_usd = 0 then swaps.repriced_cost_usd
            else {{ shared_part('swaps.repriced_cost_usd', 'usage_rows.token_cost_usd', 'usage_rows.computed_cost_usd', 12) }}
        end as swapped_cost_usd
    from levers
    inner join usage_rows
        on levers.usage_row_number = usage_rows.usage_row_number
    left join {{ ref('int_scenario_swaps_priced') }} as swaps
        on levers.scenario = swaps.scenario
        and levers.usage_row_number = swaps.usage_row_number
    left join {{ ref('int_scenario_quotas_monthly') }} as quotas
        on levers.quota_rule_number = quotas.rule_number
        and usage_rows.month_date = quotas.month_date
        and usage_rows.customer_id = quotas.customer_id

),

{% set cost = namespace(step='swapped_cost_usd', from='swapped') %}
{% for lever in multiples %}
at_{{ lever }} as (

    select
        *,
        case
            when {{ lever }}_multiple is null then {{ cost.step }}
            else {{ money(cost.step ~ ' * ' ~ lever ~ '_multiple') }}
        end as {{ lever }}_cost_usd
    from {{ cost.from }}

),

{% set cost.step, cost.from = lever ~ '_cost_usd', 'at_' ~ lever %}
{% endfor %}
cached as (

    -- What providers served falls from 1 - the hit ratio of today to 1 - the one reached.
    select
        *,
        case
            when coalesce(scope_served_count, 0) = 0 then {{ cost.step }}
            else {{ shared_part(cost.step, '(1 - hit_ratio) * scope_successful_count', 'scope_served_count') }}
        end as cached_cost_usd
    from {{ cost.from }}

),

kept as (

    select
        *,
        {{ money('case when kept_tokens < quota_scope_tokens then '
            ~ shared_part('cached_cost_usd', 'kept_tokens', 'quota_scope_tokens')
            ~ ' else cached_cost_usd end') }} as scenario_token_cost_usd
    from cached

),

final as (

    select
        scenario,
        usage_row_number,
        customer_id,
        plan,
        token_cost_usd,
        scenario_token_cost_usd,
        {% for lever, (before, after) in steps.items() -%}
        coalesce({{ after }} <> {{ before }}, false) as moves_{{ lever }}{{ ',' if not loop.last }}
        {% endfor %}
    from kept

)

select * from final
