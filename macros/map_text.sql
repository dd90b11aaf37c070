{#- The first of some keys that has a value in a map of texts (json_map), else null. -#}
{%- macro map_text(map, keys) -%}
    coalesce(
        {%- for key in ([keys] if keys is string else keys) %}
        {%- set text = "trim(" ~ map ~ "['" ~ key ~ "'])" %}
        case when {{ has_value(text) }} then {{ text }} end{{ ',' if not loop.last }}
        {%- endfor %}
    )
{%- endmacro -%}
