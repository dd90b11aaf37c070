{#- The dimensions a cost can be asked by, each with its column in fct_usage_daily joined to dim_customers. -#}
{%- macro usage_dimensions() -%}
    {{ return({
        'all': "'all'",
        'customer': 'customer_id',
        'business_model': 'business_model',
        'plan': 'plan',
        'segment': 'segment',
        'product': 'product_id',
        'feature': 'feature',
        'use_case': 'use_case',
        'workflow': 'workflow',
        'step': 'step',
        'call_type': 'call_type',
        'team': 'team',
        'provider': 'provider',
        'model': 'resolved_model',
        'model_tier': 'model_tier',
    }) }}
{%- endmacro -%}
