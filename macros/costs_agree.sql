{#- Whether a logged cost is the other one but for rounding: within a millionth of a dollar, or a thousandth of it. -#}
{%- macro costs_agree(logged_cost, other_cost) -%}
    abs(({{ logged_cost }}) - ({{ other_cost }})) <= greatest(0.000001, 0.001 * abs({{ other_cost }}))
{%- endmacro -%}
