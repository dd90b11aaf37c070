{#- The condition of a join on several columns that have the same names on both sides. -#}
{%- macro same_keys(one, other, keys) -%}
    {%- for key in keys %}
    {{- ' and ' if not loop.first }}{{ one }}.{{ key }} = {{ other }}.{{ key }}
    {%- endfor %}
{%- endmacro -%}
