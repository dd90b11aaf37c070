{% test measures_equal(model, other, keys, sums={}, ratios={}, dimensions=none, where='true', other_where='true', written=none) %}
{#- The sums of a mart by its keys against those of what it is made of, each way: a row that only one side has is as wrong
    as a value that differs. keys, sums: {column: expression over `other`}; ratios: {column: [numerator, denominator]} of
    sums over `other`, where a key is one row of the mart; dimensions: {dimension: expression over `other`} for marts that
    hold the whole once for each dimension. A row without any measure on one side equals no row. written: a column of
    both by which facts of single calls are looked at where a build wrote them (in_days_to_test). -#}
{%- set number = 'cast(coalesce(sum(%s), 0) as decimal(38, 12))' %}
{%- set names = keys | list + (['dimension', 'dimension_value'] if dimensions else []) %}
with

mine as (

    select
        {{ names | join(', ') }},
        {% for name in sums -%}
        {{ number % name }} as {{ name }},
        {% endfor -%}
        {% for name in ratios -%}
        cast(max({{ name }}) as decimal(28, 12)) as {{ name }},
        {% endfor -%}
        1 as is_there
    from {{ model }}
    where
        {{ where }}
        {%- if written %}
        and {{ in_days_to_test(written) }}
        {%- endif %}
    group by {{ names | join(', ') }}

),

other_rows as (

    {% for dimension, value in (dimensions or {none: none}).items() -%}
    select
        {% for name, expression in keys.items() -%}
        {{ expression }} as key_{{ name }},
        {% endfor -%}
        {% if dimensions -%}
        '{{ dimension }}' as key_dimension,
        {{ value }} as key_dimension_value,
        {% endif -%}
        *
    from {{ other }}
    where
        {{ other_where }}
        {%- if written %}
        and {{ in_days_to_test(written) }}
        {%- endif %}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

theirs as (

    select
        {% for name in names -%}
        key_{{ name }} as {{ name }},
        {% endfor -%}
        {% for name, expression in sums.items() -%}
        {{ number % expression }} as {{ name }},
        {% endfor -%}
        {% for name, parts in ratios.items() -%}
        {{ ratio('sum(' ~ parts[0] ~ ')', 'sum(' ~ parts[1] ~ ')') }} as {{ name }},
        {% endfor -%}
        1 as is_there
    from other_rows
    group by key_{{ names | join(', key_') }}

)

select
    {% for name in names -%}
    coalesce(mine.{{ name }}, theirs.{{ name }}) as {{ name }},
    {% endfor -%}
    mine.is_there is not null as is_in_mart,
    theirs.is_there is not null as is_below
from mine
full outer join theirs
    on {% for name in names %}mine.{{ name }} = theirs.{{ name }}{{ ' and ' if not loop.last }}{% endfor %}
where
    {% if 'period_start_date' in keys -%}
    -- Periods after as_of_date have no row in any mart.
    coalesce(mine.period_start_date, theirs.period_start_date)
    <= (select max(as_of.as_of_date) from {{ ref('int_as_of_date') }} as as_of) and
    {% endif -%}
    (
        {% for name in sums -%}
        coalesce(mine.{{ name }}, 0) <> coalesce(theirs.{{ name }}, 0)
        {{ 'or' if ratios or not loop.last }}
        {% endfor -%}
        {% for name in ratios -%}
        mine.{{ name }} is distinct from theirs.{{ name }}
        {{ 'or' if not loop.last }}
        {% endfor %}
    )
{% endtest %}
