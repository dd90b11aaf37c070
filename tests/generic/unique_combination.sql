{% test unique_combination(model, columns, nullable=[], day=none) %}
{#- A key of several columns: rows that share one, and rows that lack a part of one. A null in a key is as wrong as a
    duplicate: no join would find the row, and the next build would write it again. day: the column by which a fact of single
    calls is looked at where a build wrote it (in_days_to_test). -#}
select
    {{ columns | join(', ') }},
    count(*) as row_count
from {{ model }}
{% if day -%}
where {{ in_days_to_test(day) }}
{% endif -%}
group by {{ columns | join(', ') }}
having
    count(*) > 1
    {% for column in columns if column not in nullable %}
    or {{ column }} is null
    {% endfor %}
{% endtest %}
