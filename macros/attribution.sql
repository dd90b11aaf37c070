{#- What a list of attribution keys says of a target (customer_id, feature, …): the first of its keys that has a value.
    An id is read like the columns of kind id, a name stays as it was logged. -#}
{%- macro attribution(target, entries) -%}
    {%- set is_name = target in ['feature', 'use_case', 'workflow', 'step', 'environment'] -%}
    coalesce(
        {%- for key in attribution_keys()[target] %}
        {%- set said = entry_value(entries, matching_name(key)) %}
        {{ said if is_name else whole_id(said) }},
        {%- endfor %}
        cast(null as string)
    )
{%- endmacro -%}
