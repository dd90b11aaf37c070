{#- The cost of every token bucket and fee of a call, at one set of prices: `prefix` is '' for the negotiated prices of
    int_prices_daily and 'list_' for the list prices. Maps the name of the cost to its expression. -#}
{%- macro call_costs(prefix='') -%}
    {%- set price = prefix ~ '%s_usd_per_token' -%}
    {{ return({
        'uncached_input_cost_usd': bucket_cost('uncached_input_tokens', price % 'input', {
            'uncached_audio_tokens': price % 'input_audio',
            'uncached_image_tokens': price % 'input_image',
        }),
        'cache_read_cost_usd': bucket_cost('cache_read_tokens', price % 'cache_read', {
            'cache_audio_read_tokens': price % 'cache_audio_read',
        }),
        'cache_write_cost_usd': money(
            token_cost('cache_write_5m_tokens', price % 'cache_write_5m')
            ~ ' + ' ~ token_cost('cache_write_1h_tokens', price % 'cache_write_1h')
        ),
        'output_cost_usd': bucket_cost('output_tokens', price % 'output', {
            'reasoning_tokens': price % 'reasoning',
            'output_audio_tokens': price % 'output_audio',
            'output_image_tokens': price % 'output_image',
        }),
        'request_fee_usd': money(
            prefix ~ 'request_usd + case when web_search_requests > 0 then cast(web_search_requests as decimal(12, 0)) * '
            ~ prefix ~ 'web_search_usd else ' ~ money('0') ~ ' end'
        ),
    }) }}
{%- endmacro -%}
