{#- The members of a JSON object as a map of texts, nested values as JSON text; also when a JSON text holds the object,
    once or twice. Null for anything else. For staging only. -#}
{%- macro json_map(expression) -%}
    {{ return(adapter.dispatch('json_map')(expression)) }}
{%- endmacro -%}

{%- macro duckdb__json_map(expression) -%}
    {#- In a list of one, so that the expression is written once: maps of maps of maps would multiply it. -#}
    list_transform([{{ expression }}], lambda outer_text: json_transform(
        case
            when left(ltrim(outer_text), 1) = '{' and json_valid(outer_text) then outer_text
            when left(ltrim(outer_text), 1) = '"' and json_valid(outer_text)
                then {{ duckdb__json_object_inside("json_extract_string(outer_text, '$')") }}
        end,
        '"MAP(VARCHAR, VARCHAR)"'
    ))[1]
{%- endmacro -%}

{%- macro duckdb__json_object_inside(text) -%}
    case
        when not json_valid({{ text }}) then null
        when json_type({{ text }}) = 'OBJECT' then {{ text }}
        when json_type({{ text }}) = 'VARCHAR' and json_valid(json_extract_string({{ text }}, '$'))
            and json_type(json_extract_string({{ text }}, '$')) = 'OBJECT'
            then json_extract_string({{ text }}, '$')
    end
{%- endmacro -%}

{%- macro spark__json_map(expression) -%}
    {%- set once = "get_json_object(concat('[', " ~ expression ~ ", ']'), '$[0]')" -%}
    {%- set twice = "get_json_object(concat('[', " ~ once ~ ", ']'), '$[0]')" -%}
    transform_values(
        from_json(
            case
                when left(ltrim({{ expression }}), 1) = '{' then {{ expression }}
                when left(ltrim({{ expression }}), 1) <> '"' then null
                when left(ltrim({{ once }}), 1) = '{' then {{ once }}
                when left(ltrim({{ twice }}), 1) = '{' then {{ twice }}
            end,
            'map<string, string>', map('allowSingleQuotes', 'false')
        ),
        (name, value) -> {{ spark__json_number('value') }}
    )
{%- endmacro -%}

{#- Spark prints a number of JSON as a double: 12345678.0, an id that a frame wrote, would be 1.2345678E7. -#}
{%- macro spark__json_number(value) -%}
    case
        when {{ value }} rlike '^-?[0-9][.][0-9]+E[0-9]+$' and try_cast({{ value }} as decimal(38, 18)) is not null
            then regexp_replace(cast(cast({{ value }} as decimal(38, 18)) as string), '([.][0-9]+?)0*$', '$1')
        else {{ value }}
    end
{%- endmacro -%}
