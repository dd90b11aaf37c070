{% test unique_combination(model, columns, nullable=[], written=none) %}
{#- A key of several columns: rows that share one, and rows that lack a part of one. A null in a key is as wrong as a
    duplicate: no join would find the row, and the next build would write it again. written: the column by which a fact of single
    calls is looked at where a build wrote it (in_days_to_test). -#}
select
    {{ columns | join(', ') }},
    count(*) as row_count
from {{ model }}
{% if written -%}
where {{ in_days_to_test(written) }}
{% endif -%}
group by {{ columns | join(', ') }}
having
    count(*) > 1
    {% for column in columns if column not in nullable %}
    or {{ column }} is null
    {% endfor %}
{% endtest %}
