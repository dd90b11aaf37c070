{#- The additive measures of revenue and cost side by side, summed. -#}
{%- macro economics_sums() -%}
    {%- for measure in ['call_count', 'inference_count', 'successful_inference_count', 'unpriced_call_count'] %}
        {{ token_sum(measure) }} as {{ measure }},
    {%- endfor %}
    {%- for measure in ['revenue_usd', 'ai_revenue_usd', 'inference_cost_usd', 'ai_cost_usd', 'other_cogs_usd'] %}
        {{ cost_sum(measure) }} as {{ measure }},
    {%- endfor %}
        -- Null where nothing was used: there is no cost that could be estimated.
        case when count(cost_status) > 0 then {{ weakest_cost_status('cost_status') }} end as cost_status
{%- endmacro -%}
