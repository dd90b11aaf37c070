{#- The keys of every target of attribution, as var attribution_keys has them; of one that it does not list, its name. -#}
{%- macro attribution_keys() -%}
    {%- set keys = {} -%}
    {%- for target in [
        'customer_id', 'user_id', 'workspace_id', 'use_case', 'workflow_run_id', 'request_id', 'environment',
    ] + var('logged_dimensions') -%}
        {%- do keys.update({target: [target]}) -%}
    {%- endfor -%}
    {%- do keys.update(var('attribution_keys')) -%}
    {{ return(keys) }}
{%- endmacro -%}
