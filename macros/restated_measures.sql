{#- What a release and a later build are compared by, with types. priced_cost_usd is the effective cost of priced calls:
    their computed cost, as the bills have it. -#}
{%- macro restated_measures() -%}
    {%- set measures = {} -%}
    {%- for count in ['call_count', 'token_count', 'billed_call_count'] + restated_parts().values() | list -%}
        {%- do measures.update({count: 'bigint'}) -%}
    {%- endfor -%}
    {%- set computed = restated_parts().keys() | list + ['computed_cost_usd', 'priced_cost_usd'] -%}
    {%- for cost in computed + shared_cost_components() + ['ai_cost_usd'] -%}
        {%- do measures.update({cost: 'decimal(28, 12)'}) -%}
    {%- endfor -%}
    {{ return(measures) }}
{%- endmacro -%}
