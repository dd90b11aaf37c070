{#- What groups of calls differ in that levers are pulled for: the coarsest grain at which each lever takes an even share. -#}
{%- macro savings_group(prefix='') -%}
    {%- set columns = [] -%}
    {%- for column in [
        'feature', 'use_case', 'workflow', 'step', 'call_type', 'resolved_provider', 'model', 'resolved_model', 'service_tier',
    ] -%}
        {%- do columns.append(prefix ~ column) -%}
    {%- endfor -%}
    {{ return(columns) }}
{%- endmacro -%}
