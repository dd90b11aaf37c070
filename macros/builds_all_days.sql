{#- Whether this run builds every day instead of the touched ones: a full refresh, or a fact or its build record is
    missing. Asked before the facts are built. -#}
{%- macro builds_all_days() -%}
    {%- set needed = [
        'intermediate.int_calls_priced', 'intermediate.int_usage_priced_daily', 'marts.fct_usage_daily',
        'intermediate.int_references_built', 'intermediate.int_allocation_references_built',
    ] -%}
    {%- set missing = [] -%}
    {%- for name in needed if not existing_relation(name) -%}{%- do missing.append(name) -%}{%- endfor -%}
    {{ return(flags.FULL_REFRESH or missing | length > 0) }}
{%- endmacro -%}
