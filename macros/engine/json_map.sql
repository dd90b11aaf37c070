{#- The members of a JSON object as a map of texts, nested values as JSON text; also when a JSON text holds the object,
    once or twice. Null for anything else. For staging only. -#}
{%- macro json_map(expression) -%}
    {{ return(adapter.dispatch('json_map')(expression)) }}
{%- endmacro -%}

{%- macro duckdb__json_map(expression) -%}
    json_transform(
        case
            when left(ltrim({{ expression }}), 1) = '{' and json_valid({{ expression }}) then {{ expression }}
            when left(ltrim({{ expression }}), 1) = '"' and json_valid({{ expression }}) then {{ duckdb__json_decoded(
                "json_extract_string(" ~ expression ~ ", '$')"
            ) }}
        end,
        '"MAP(VARCHAR, VARCHAR)"'
    )
{%- endmacro -%}

{%- macro duckdb__json_decoded(text) -%}
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
    from_json(
        case
            when left(ltrim({{ expression }}), 1) = '{' then {{ expression }}
            when left(ltrim({{ once }}), 1) = '{' then {{ once }}
            when left(ltrim({{ twice }}), 1) = '{' then {{ twice }}
        end,
        'map<string, string>'
    )
{%- endmacro -%}
