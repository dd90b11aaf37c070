{#- The additive measures of a month that the CPI bridge sets beside those of the month before (`previous_<measure>`),
    with their types. -#}
{%- macro bridge_measures() -%}
    {%- set measures = {'successful_inference_count': 'bigint', 'served_inference_count': 'bigint'} -%}
    {%- for bucket in served_buckets() -%}
        {%- do measures.update({'productive_' ~ bucket ~ '_tokens': 'bigint'}) -%}
        {%- do measures.update({'productive_' ~ bucket ~ '_cost_usd': 'decimal(28, 12)'}) -%}
    {%- endfor -%}
    {%- for part in ['retries', 'support_and_fees', 'shared', 'true_up', 'ai'] -%}
        {%- do measures.update({part ~ '_cost_usd': 'decimal(28, 12)'}) -%}
    {%- endfor -%}
    {{ return(measures) }}
{%- endmacro -%}
