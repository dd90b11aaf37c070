{#- Whether a call of a native log has any token. -#}
{%- macro has_tokens() -%}
    (uncached_input_tokens + cache_read_tokens + cache_write_5m_tokens + cache_write_1h_tokens + output_tokens > 0)
{%- endmacro -%}
