{#- The additive measures of cost_per_inference, summed; `unattributed` cost is that of customer unattributed. -#}
{%- macro usage_sums(is_summed_before=false) -%}
    {%- for measure in ['call_count', 'attempt_count', 'inference_count', 'successful_inference_count', 'unpriced_call_count'] %}
        {{ token_sum(measure) }} as {{ measure }},
    {%- endfor %}
    {%- for measure in cost_components() + ['inference_cost_usd', 'ai_cost_usd'] %}
        {{ cost_sum(measure) }} as {{ measure }},
    {%- endfor %}
        {{ cost_sum('unattributed_cost_usd' if is_summed_before else "case when customer_id = 'unattributed' then ai_cost_usd end") }}
            as unattributed_cost_usd,
        {{ weakest_cost_status('cost_status') }} as cost_status
{%- endmacro -%}
