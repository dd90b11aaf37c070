{#- The dimensions of a usage row beside its day: the grain of fct_usage_daily. -#}
{%- macro usage_row_dimensions() -%}
    {{ return(['customer_id'] + var('logged_dimensions') + [
        'use_case', 'call_type', 'provider', 'model', 'resolved_provider', 'resolved_model', 'model_tier', 'service_tier',
        'context_tier',
    ]) }}
{%- endmacro -%}
