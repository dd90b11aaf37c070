{#- Whether a bucket is below zero once its parts are taken off: a bad row, never clamped. -#}
{%- macro has_negative_remainder() -%}
    (uncached_input_tokens < 0 or reasoning_tokens > output_tokens)
{%- endmacro -%}
