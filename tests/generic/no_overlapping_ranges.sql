{% test no_overlapping_ranges(model, key, is_exact=false) %}
{#- Two rows of one key that are valid on the same day: the price of that day would depend on chance. Keys that people
    write are compared without case and outer spaces; ids (`is_exact`) are told apart by both. -#}
with

ranges as (

    select
        *,
        {% for column in key %}
        coalesce({{ column if is_exact else 'lower(trim(' ~ column ~ '))' }}, '') || '|' ||
        {% endfor %}
        '' as range_key,
        coalesce(valid_from_date, cast('0001-01-01' as date)) as from_date,
        coalesce(valid_to_date, cast('9999-12-31' as date)) as to_date
    from {{ model }}

),

ordered as (

    select
        *,
        max(to_date) over (
            partition by range_key
            order by from_date asc nulls first, to_date asc nulls first
            rows between unbounded preceding and 1 preceding
        ) as earlier_to_date
    from ranges

)

select *
from ordered
where earlier_to_date > from_date or to_date <= from_date
{% endtest %}
