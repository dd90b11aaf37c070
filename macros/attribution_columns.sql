{#- What a call was for: where the source that is believed leaves one empty, another source of the same call fills it. -#}
{%- macro attribution_columns() -%}
    {{ return([
        'workflow_run_id', 'logged_customer_id', 'workspace_id', 'user_id', 'logged_use_case', 'is_internal',
    ] + var('logged_dimensions')) }}
{%- endmacro -%}
