{% test expression_holds(model, expression, written=none) %}
{#- An identity that every row must keep; a null result counts as broken. written: as in unique_combination. -#}
select *
from {{ model }}
where
    ({{ expression }}) is not true
    {%- if written %}
    and {{ in_days_to_test(written) }}
    {%- endif %}
{% endtest %}
