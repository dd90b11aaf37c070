{#- Whether a usage row or call of a day is in the scope of an allocated bill line: what its tags say. The line's
    provider does not narrow it; shared GPUs serve the self-hosted models. -#}
{%- macro in_bill_scope(line, usage) -%}
    ({{ line }}.component <> 'gpu_compute' or {{ usage }}.resolved_provider = 'self_hosted')
    and (
        {{ line }}.model_tag in ('all', {{ model_tag(usage ~ '.model') }}, {{ model_tag(usage ~ '.resolved_model') }})
        or {{ line }}.resolved_model_tag = {{ model_tag(usage ~ '.resolved_model') }}
    )
    and ({{ line }}.customer_id is null or {{ line }}.customer_id = {{ usage }}.customer_id)
    and ({{ line }}.feature is null or {{ line }}.feature = {{ usage }}.feature)
{%- endmacro -%}
