{#- What a row of waste is asked by, and priced as billed by. -#}
{%- macro waste_keys() -%}
    {{ return([
        'usage_date', 'utc_date', 'waste_class', 'customer_id', 'step', 'resolved_provider', 'model', 'resolved_model',
        'call_type',
    ]) }}
{%- endmacro -%}
