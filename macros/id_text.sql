{#- A whole number that a data frame wrote as `1042.0` is `1042`, so that joins meet; any other text stays. -#}
{%- macro id_text(expression) -%}
    case
        when {{ expression }} like '%.0'
            and translate(left({{ expression }}, length({{ expression }}) - 2), '0123456789', '') = ''
            then left({{ expression }}, length({{ expression }}) - 2)
        else {{ expression }}
    end
{%- endmacro -%}
