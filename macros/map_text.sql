{#- The first of some keys that has a non-empty text in a map of texts (json_map), else null. -#}
{%- macro map_text(map, keys) -%}
    coalesce(
        {%- for key in ([keys] if keys is string else keys) %}
        nullif(trim({{ map }}['{{ key }}']), ''){{ ',' if not loop.last }}
        {%- endfor %}
    )
{%- endmacro -%}
