{% test unique_combination(model, columns) %}
{#- Keys of several columns. A null in a key is as wrong as a duplicate: incremental models would write it again. -#}
select
    {{ columns | join(', ') }},
    count(*) as row_count
from {{ model }}
group by {{ columns | join(', ') }}
having count(*) > 1
{% endtest %}
