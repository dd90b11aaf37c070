{#- A cost where the row is of that component (`<component>_cost_usd`), else 0. -#}
{%- macro cost_of_component(component, cost) -%}
    case
        when component = '{{ component | replace("_cost_usd", "") }}' then {{ cost }}
        else {{ money('0') }}
    end
{%- endmacro -%}
