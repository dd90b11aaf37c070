{#- Whether a row of usage or revenue is in the scope of a scenario's rule; `columns` maps each dimension to the columns
    of the row that may hold its value. Case and outer spaces do not matter, as in the seed. -#}
{%- macro in_scenario_scope(rules, columns) -%}
    (
        {{ rules }}.scope_dimension = 'all'
        {%- for dimension, names in columns.items() %}
        or (
            {{ rules }}.scope_dimension = '{{ dimension }}'
            and {{ rules }}.scope_value in (lower(trim({{ names | join(')), lower(trim(') }})))
        )
        {%- endfor %}
    )
{%- endmacro -%}
