{#- An id as text; a whole number that some frame made `1042.0` is `1042`, as scripts/land.py reads the columns of kind id.
    For ids that stand inside a list or a JSON object, which land as they are. -#}
{%- macro whole_id(expression) -%}
    case
        when
            {{ expression }} like '_%.0'
            and translate(substring({{ expression }}, 1, length({{ expression }}) - 2), '0123456789', '') = ''
            then substring({{ expression }}, 1, length({{ expression }}) - 2)
        else {{ expression }}
    end
{%- endmacro -%}
