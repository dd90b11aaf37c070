{#- Whether calls of this type count as inferences; support calls cost, but are not counted (decisions.md, What is counted). -#}
{%- macro is_inference_type(call_type) -%}
    {{ call_type }} not in ('embedding', 'retrieval', 'rerank', 'moderation')
{%- endmacro -%}
