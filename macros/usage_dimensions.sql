{#- The dimensions a cost can be asked by, each with its column in fct_usage_daily joined to dim_customers. -#}
{%- macro usage_dimensions() -%}
    {%- set dimensions = {
        'all': "'all'",
        'customer': 'customer_id',
        'business_model': 'business_model',
        'plan': 'plan',
        'segment': 'segment',
        'use_case': 'use_case',
        'call_type': 'call_type',
        'provider': 'provider',
        'model': 'resolved_model',
        'model_tier': 'model_tier',
    } -%}
    {%- for column in var('logged_dimensions') -%}
        {%- do dimensions.update({'product' if column == 'product_id' else column: column}) -%}
    {%- endfor -%}
    {{ return(dimensions) }}
{%- endmacro -%}
