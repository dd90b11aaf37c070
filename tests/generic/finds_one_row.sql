{% test finds_one_row(model, dimension, keys, day=none, written=none) %}
{#- Rows of a fact that find no row of a dimension table, or several: joining the two would lose dollars, or count them
    again. keys: {column of the fact: column of the dimension}; day: the fact's day, where a row of the dimension holds
    for a span of days. With one row for each, a join keeps the fact's count and every sum. written: the column
    by which a fact of single calls is looked at where a build wrote it (in_days_to_test). -#}
{%- set columns = keys | list + ([day] if day else []) %}
with

facts as (

    select
        {{ columns | join(', ') }},
        count(*) as row_count
    from {{ model }}
    {% if written -%}
    where {{ in_days_to_test(written) }}
    {% endif -%}
    group by {{ columns | join(', ') }}

)

select
    facts.{{ columns | join(', facts.') }},
    max(facts.row_count) as row_count,
    count(dimension.{{ (keys.values() | list)[0] }}) as found_count
from facts
left join {{ dimension }} as dimension
    on
        {% for column, found in keys.items() -%}
        facts.{{ column }} = dimension.{{ found }}{{ ' and' if day or not loop.last }}
        {% endfor -%}
        {% if day -%}
        facts.{{ day }} >= dimension.valid_from_date
        and (dimension.valid_to_date is null or facts.{{ day }} < dimension.valid_to_date)
        {%- endif %}
group by facts.{{ columns | join(', facts.') }}
having count(dimension.{{ (keys.values() | list)[0] }}) <> 1
{% endtest %}
