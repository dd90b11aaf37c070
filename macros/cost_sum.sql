{#- Sum of money, 0 over no rows or unpriced calls only, optionally of the rows where a condition holds. -#}
{%- macro cost_sum(expression, condition='true') -%}
    {{ money('coalesce(sum(' ~ expression ~ ') filter (where ' ~ condition ~ '), 0)') }}
{%- endmacro -%}
