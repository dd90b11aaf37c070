{#- The items of a text list (`a;b` or a JSON array of texts) as rows; for staging only. -#}
{%- macro split_list(expression) -%}
    {{ return(adapter.dispatch('split_list')(expression)) }}
{%- endmacro -%}

{%- macro duckdb__split_list(expression) -%}
    unnest(
        case
            when json_valid({{ expression }}) and json_type({{ expression }}) = 'ARRAY'
                then cast({{ expression }} as json) ->> '$[*]'
            else string_split({{ expression }}, ';')
        end
    )
{%- endmacro -%}

{%- macro spark__split_list(expression) -%}
    explode(
        coalesce(
            case
                when trim(both ' \n\r\t' from {{ expression }}) like '[%]'
                    then from_json({{ expression }}, 'array<string>', map('allowSingleQuotes', 'false'))
            end,
            split({{ expression }}, ';')
        )
    )
{%- endmacro -%}
