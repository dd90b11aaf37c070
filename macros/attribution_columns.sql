{#- What a call was for: where the source that is believed leaves one empty, another source of the same call fills it. -#}
{%- macro attribution_columns() -%}
    {{ return([
        'workflow_run_id', 'logged_customer_id', 'workspace_id', 'user_id', 'team', 'feature', 'logged_use_case', 'workflow',
        'step', 'product_id', 'is_internal',
    ]) }}
{%- endmacro -%}
