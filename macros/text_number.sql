{#- A text as a number of a decimal type, null where it is none. Digits, a point, a sign and an exponent of ASCII alone:
    `1_000` and digits of other scripts are numbers to one engine and none to the other. -#}
{%- macro text_number(expression, data_type) -%}
    case
        when translate(trim({{ expression }}), '0123456789.eE+-', '') = ''
            then try_cast(try_cast(trim({{ expression }}) as decimal(38, 12)) as {{ data_type }})
    end
{%- endmacro -%}
