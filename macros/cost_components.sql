{#- The components of AI cost, exclusive and complete (decisions.md, Cost components). -#}
{%- macro cost_components() -%}
    {{ return([
        'llm_api_cost_usd', 'prompt_cache_cost_usd', 'embedding_cost_usd', 'gpu_compute_cost_usd',
        'vector_db_cost_usd', 'fine_tuning_cost_usd', 'other_ai_cost_usd',
    ]) }}
{%- endmacro -%}
