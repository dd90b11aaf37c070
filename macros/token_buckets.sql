{#- The token columns of a call: the disjoint buckets, and reasoning, which is part of output. -#}
{%- macro token_buckets() -%}
    {{ return([
        'uncached_input_tokens', 'cache_read_tokens', 'cache_write_5m_tokens', 'cache_write_1h_tokens',
        'output_tokens', 'reasoning_tokens',
    ]) }}
{%- endmacro -%}
