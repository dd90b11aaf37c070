{#- The components of AI cost as columns of the marts, in order, of one source (calls, bills, training) or of all. The var
    cost_components is the one list of them (decisions.md, Cost components). -#}
{%- macro cost_components(source=none) -%}
    {%- set columns = [] -%}
    {%- for component, settings in var('cost_components').items() if source in (none, settings.source) -%}
        {%- do columns.append(component ~ '_cost_usd') -%}
    {%- endfor -%}
    {{ return(columns) }}
{%- endmacro -%}

{#- Those whose dollars are shared out: bills and training jobs. -#}
{%- macro shared_cost_components() -%}
    {{ return(cost_components('bills') + cost_components('training')) }}
{%- endmacro -%}
