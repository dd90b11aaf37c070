{% test unique_combination(model, columns, nullable=[]) %}
{#- A key of several columns: rows that share one, and rows that lack a part of one. A null in a key is as wrong as a
    duplicate: no join would find the row, and the next build would write it again. -#}
select
    {{ columns | join(', ') }},
    count(*) as row_count
from {{ model }}
group by {{ columns | join(', ') }}
having
    count(*) > 1
    {% for column in columns if column not in nullable %}
    or {{ column }} is null
    {% endfor %}
{% endtest %}
