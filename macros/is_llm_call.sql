{#- Whether a call's cost is llm_api and prompt_cache; of the other types the whole cost is embedding. -#}
{%- macro is_llm_call(call_type) -%}
    ({{ is_inference_type(call_type) }} or {{ call_type }} = 'moderation')
{%- endmacro -%}
