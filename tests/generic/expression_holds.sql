{% test expression_holds(model, expression) %}
{#- An identity that every row must keep; a null result counts as broken. -#}
select *
from {{ model }}
where ({{ expression }}) is not true
{% endtest %}
