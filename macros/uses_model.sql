{#- Whether a usage row or call is of the expensive model and use case of a compared pair: by logged or resolved name. -#}
{%- macro uses_model(pair, usage) -%}
    {{ pair }}.use_case = {{ usage }}.use_case
    and lower({{ pair }}.expensive_model) in (lower({{ usage }}.model), lower({{ usage }}.resolved_model))
    and (
        {{ pair }}.expensive_provider is null
        or {{ pair }}.expensive_provider in ({{ usage }}.provider, {{ usage }}.resolved_provider)
    )
{%- endmacro -%}
