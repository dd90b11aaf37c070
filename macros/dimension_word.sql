{#- Text dimensions are words, never null; `all` is reserved for the overall row. -#}
{%- macro dimension_word(expression) -%}
    case
        when {{ expression }} is null then 'unattributed'
        when {{ expression }} = 'all' then 'all (source)'
        else {{ expression }}
    end
{%- endmacro -%}
