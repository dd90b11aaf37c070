{#- What a scenario is compared by, each as it was and in the scenario: `counts` stay, `revenues` and `costs` move, and the
    gross profit is made of them. -#}
{%- macro scenario_measures() -%}
    {{ return({
        'counts': ['call_count', 'unpriced_call_count', 'successful_inference_count'],
        'revenues': ['revenue_usd', 'ai_revenue_usd'],
        'costs': ['inference_cost_usd', 'ai_cost_usd'],
        'profit': 'gross_profit_usd',
        'sides': ['baseline', 'scenario'],
    }) }}
{%- endmacro -%}
