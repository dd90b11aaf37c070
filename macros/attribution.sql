{#- What a list of attribution keys says of a target (customer_id, feature, …): the first of its keys that has a value. -#}
{%- macro attribution(target, entries) -%}
    coalesce(
        {%- for key in attribution_keys()[target] %}
        {{ whole_id(entry_value(entries, matching_name(key))) }},
        {%- endfor %}
        cast(null as string)
    )
{%- endmacro -%}
