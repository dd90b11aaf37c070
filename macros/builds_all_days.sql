{#- Whether this run builds every day instead of the touched ones: a full refresh, or a fact or its build record is
    missing. Asked before the facts are built. -#}
{%- macro builds_all_days() -%}
    {%- set needed = [
        'int_calls_priced', 'int_usage_priced_daily', 'fct_usage_daily', 'fct_inference_costs',
        'int_references_built', 'int_allocation_references_built',
    ] -%}
    {%- set missing = [] -%}
    {%- for name in needed -%}
        {%- set relation = existing_relation(name) -%}
        {%- if not relation or relation.is_view -%}{%- do missing.append(name) -%}{%- endif -%}
    {%- endfor -%}
    {{ return(flags.FULL_REFRESH or missing | length > 0) }}
{%- endmacro -%}
