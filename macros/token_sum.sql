{#- Sum of whole numbers, 0 over no rows, optionally of the rows where a condition holds. -#}
{%- macro token_sum(expression, condition='true') -%}
    cast(coalesce(sum({{ expression }}) filter (where {{ condition }}), 0) as bigint)
{%- endmacro -%}
