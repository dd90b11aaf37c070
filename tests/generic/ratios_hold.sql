{% test ratios_hold(model, ratios) %}
{#- Every ratio of a mart against its own columns: {ratio: [numerator, denominator]}, null where the denominator is. -#}
select *
from {{ model }}
where
    {% for name, parts in ratios.items() -%}
    {{ name }} is distinct from {{ ratio(parts[0], parts[1]) }}
    {{ 'or' if not loop.last }}
    {% endfor %}
{% endtest %}
