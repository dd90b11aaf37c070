{#- The parts of computed cost that a price of a release is told by: cost -> what it is paid for, both additive. -#}
{%- macro restated_parts() -%}
    {{ return({
        'uncached_input_cost_usd': 'paid_uncached_input_tokens',
        'cache_read_cost_usd': 'paid_cache_read_tokens',
        'cache_write_cost_usd': 'paid_cache_write_tokens',
        'output_cost_usd': 'paid_output_tokens',
        'request_fee_usd': 'paid_call_count',
    }) }}
{%- endmacro -%}
