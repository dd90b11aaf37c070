{#- Whether a usage row or call is in the scope of an allocated bill line: in its days, and what its tags say. The
    line's provider does not narrow it; shared GPUs serve the self-hosted models. -#}
{%- macro in_bill_scope(line, usage) -%}
    {{ line }}.from_date <= {{ usage }}.utc_date
    and {{ line }}.to_date > {{ usage }}.utc_date
    and ({{ line }}.component <> 'gpu_compute' or {{ usage }}.resolved_provider = 'self_hosted')
    and (
        {{ line }}.model_tag is null
        or {{ line }}.model_tag = lower({{ usage }}.model)
        or {{ line }}.model_tag = lower({{ usage }}.resolved_model)
    )
    and ({{ line }}.customer_id is null or {{ line }}.customer_id = {{ usage }}.customer_id)
    and ({{ line }}.feature is null or {{ line }}.feature = {{ usage }}.feature)
{%- endmacro -%}
