{#- The keys of every target of attribution, as var attribution_keys has them; of a dimension that is not listed, its name. -#}
{%- macro attribution_keys() -%}
    {%- set keys = {} -%}
    {%- for dimension in var('logged_dimensions') -%}
        {%- do keys.update({dimension: [dimension]}) -%}
    {%- endfor -%}
    {%- do keys.update(var('attribution_keys')) -%}
    {{ return(keys) }}
{%- endmacro -%}
