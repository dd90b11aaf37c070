{#- The disjoint token buckets of a native log whose stated tokens and token_semantics are known. -#}
{%- macro token_columns() -%}
    {{ settled_tokens('uncached_input') }} as uncached_input_tokens,
        stated_cache_read as cache_read_tokens,
        stated_cache_write_5m as cache_write_5m_tokens,
        stated_cache_write_1h as cache_write_1h_tokens,
        {{ settled_tokens('output') }} as output_tokens,
        {{ settled_tokens('reasoning') }} as reasoning_tokens
{%- endmacro -%}
