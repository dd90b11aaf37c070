{#- The first of some keys that has a number in a map of texts (json_map), as whole tokens, else null: 4210, `"4210"`,
    10.0 and 1e3 are numbers. -#}
{%- macro map_tokens(map, keys) -%}
    coalesce(
        {%- for key in ([keys] if keys is string else keys) %}
        {{ whole_number(map ~ "['" ~ key ~ "']") }}{{ ',' if not loop.last }}
        {%- endfor %}
    )
{%- endmacro -%}
