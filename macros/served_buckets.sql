{#- The buckets the tokens of a served inference are priced in, as the CPI bridge tells them apart: `productive_<bucket>_tokens`
    and `productive_<bucket>_cost_usd` of a usage row. -#}
{%- macro served_buckets() -%}
    {{ return(['uncached_input', 'cache_read', 'cache_write', 'output']) }}
{%- endmacro -%}
