{#- The additive measures of a usage row that its calls decide, with their types; cost by component comes beside. -#}
{%- macro usage_measures() -%}
    {%- set measures = {} -%}
    {%- for measure in [
        'call_count', 'attempt_count', 'inference_count', 'successful_inference_count', 'served_inference_count',
        'response_cache_hit_count', 'unpriced_call_count', 'price_fallback_call_count',
    ] + token_buckets() + [
        'replayed_tokens', 'productive_input_tokens', 'productive_uncached_input_tokens', 'productive_cache_read_tokens',
        'productive_cache_write_tokens', 'productive_output_tokens', 'productive_reasoning_tokens', 'productive_tokens',
        'unproductive_tokens',
    ] -%}
        {%- do measures.update({measure: 'bigint'}) -%}
    {%- endfor -%}
    {%- for measure in [
        'productive_cost_usd', 'productive_uncached_input_cost_usd', 'productive_cache_read_cost_usd',
        'productive_cache_write_cost_usd', 'productive_output_cost_usd', 'unproductive_cost_usd', 'list_cost_usd',
        'computed_cost_usd', 'uncached_input_cost_usd', 'cache_read_cost_usd', 'cache_write_cost_usd',
        'output_cost_usd', 'request_fee_usd',
    ] -%}
        {%- do measures.update({measure: 'decimal(28, 12)'}) -%}
    {%- endfor -%}
    {{ return(measures) }}
{%- endmacro -%}
