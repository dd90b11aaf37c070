{% test expression_holds(model, expression, day=none) %}
{#- An identity that every row must keep; a null result counts as broken. day: as in unique_combination. -#}
select *
from {{ model }}
where
    ({{ expression }}) is not true
    {%- if day %}
    and {{ in_days_to_test(day) }}
    {%- endif %}
{% endtest %}
