-- Why cost per inference moved against the month before: ten effects that make the change.
-- Grain: one row per period_start_date, dimension (all, customer, plan, feature), dimension_value and effect; of values
-- that delivered inferences in both months, all ten each.
-- A value's rows explain its own cost per inference: values do not add up to `all`. decisions.md, CPI bridge.
{% set keys = ['period_start_date', 'dimension', 'dimension_value'] %}
{% set served_effects = [
    'price', 'service_tier', 'token_composition', 'tokens_per_inference', 'model_mix', 'response_cache',
] %}
{% set plain_effects = ['retries', 'support_and_fees', 'shared', 'true_up'] %}
with

totals as (

    select
        {{ keys | join(',\n        ') }},
        {% for side in ['', 'previous_'] -%}
        {{ token_sum(side ~ 'successful_inference_count') }} as {{ side }}successful_inference_count,
        {% for part in plain_effects + ['ai'] -%}
        {{ cost_sum(side ~ part ~ '_cost_usd') }} as {{ side }}{{ part }}_cost_usd
        {{- ',' if side == '' or part != 'ai' }}
        {% endfor -%}
        {% endfor %}
    from {{ ref('int_usage_compared_monthly') }}
    group by
        {{ keys | join(',\n        ') }}

),

served as (

    select * from {{ ref('int_served_costs_compared_monthly') }}

),

cpi as (

    select * from {{ ref('cost_per_inference') }}
    where period_grain = 'month'

),

explained as (

    select
        totals.{{ keys | join(',\n        totals.') }},
        {% for effect in served_effects -%}
        served.{{ effect }}_cpi_usd,
        {% endfor -%}
        {% for effect in plain_effects -%}
        {{ money(
            ratio('totals.' ~ effect ~ '_cost_usd', 'totals.successful_inference_count')
            ~ ' - '
            ~ ratio('totals.previous_' ~ effect ~ '_cost_usd', 'totals.previous_successful_inference_count')
        ) }} as {{ effect }}_cpi_usd,
        {% endfor -%}
        {{ ratio('totals.previous_ai_cost_usd', 'totals.previous_successful_inference_count') }} as previous_cpi_usd,
        {{ ratio('totals.ai_cost_usd', 'totals.successful_inference_count') }} as cpi_usd,
        cpi.unpriced_ratio,
        previous_cpi.unpriced_ratio as previous_unpriced_ratio,
        cpi.unattributed_ratio,
        cpi.cost_status,
        cpi.is_complete
    from totals
    left join served
        on {% for key in keys -%}
        totals.{{ key }} = served.{{ key }}
        {{ 'and ' if not loop.last }}
        {%- endfor %}
    left join cpi
        on {% for key in keys -%}
        totals.{{ key }} = cpi.{{ key }}
        {{ 'and ' if not loop.last }}
        {%- endfor %}
    left join cpi as previous_cpi
        on cast({{ dbt.dateadd('month', -1, 'totals.period_start_date') }} as date) = previous_cpi.period_start_date
        and totals.dimension = previous_cpi.dimension
        and totals.dimension_value = previous_cpi.dimension_value

),

final as (

    select
        explained.{{ keys | join(',\n        explained.') }},
        effects.effect,
        case effects.effect
            {% for effect in served_effects + plain_effects -%}
            when '{{ effect }}' then explained.{{ effect }}_cpi_usd
            {% endfor %}
        end as effect_usd,
        explained.previous_cpi_usd,
        explained.cpi_usd,
        explained.unpriced_ratio,
        explained.previous_unpriced_ratio,
        explained.unattributed_ratio,
        explained.cost_status,
        explained.is_complete
    from explained
    cross join (
        values
        {% for effect in served_effects + plain_effects -%}
        ('{{ effect }}'){{ ',' if not loop.last }}
        {% endfor %}
    ) as effects (effect)

)

select * from final
