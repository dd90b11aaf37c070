{#- Sum of whole numbers, 0 over no rows, optionally of the rows where a condition holds. -#}
{%- macro token_sum(expression, condition=none) -%}
    {%- set filtered = ' filter (where ' ~ condition ~ ')' if condition else '' -%}
    cast(coalesce(sum({{ expression }}){{ filtered }}, 0) as bigint)
{%- endmacro -%}
