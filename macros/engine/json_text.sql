{#- The first of some keys that has a non-empty text in a JSON object, else null, also of what is no JSON; for staging
    only. -#}
{%- macro json_text(expression, keys) -%}
    coalesce(
        {%- for key in ([keys] if keys is string else keys) %}
        nullif(trim({{ adapter.dispatch('json_key_text')(expression, key) }}), ''){{ ',' if not loop.last }}
        {%- endfor %}
    )
{%- endmacro -%}

{%- macro duckdb__json_key_text(expression, key) -%}
    try(json_extract_string({{ expression }}, '$."{{ key }}"'))
{%- endmacro -%}

{%- macro spark__json_key_text(expression, key) -%}
    get_json_object({{ expression }}, "$['{{ key }}']")
{%- endmacro -%}
