{#- The price columns of int_prices_daily, each with a `_rest` beside it and a `list_` twin. -#}
{%- macro token_prices() -%}
    {{ return([
        'input_usd_per_token', 'cache_read_usd_per_token', 'cache_write_5m_usd_per_token',
        'cache_write_1h_usd_per_token', 'output_usd_per_token', 'reasoning_usd_per_token',
        'input_audio_usd_per_token', 'input_image_usd_per_token', 'cache_audio_read_usd_per_token',
        'output_audio_usd_per_token', 'output_image_usd_per_token',
    ]) }}
{%- endmacro -%}
