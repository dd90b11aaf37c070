{#- A Salesforce id in its 18 characters: to one of 15 it adds what tells capital letters apart, a character for each five
    letters. Ids are case-sensitive. -#}
{%- macro salesforce_id(expression) -%}
    case
        when length({{ expression }}) = 15
            then {{ expression }}
            {%- for block in (0, 5, 10) %}
                || substr('ABCDEFGHIJKLMNOPQRSTUVWXYZ012345', cast(1
                {%- for bit in range(5) %}
                    + case when ascii(substr({{ expression }}, {{ block + bit + 1 }}, 1)) between 65 and 90 then {{ 2 ** bit }} else 0 end
                {%- endfor %} as integer), 1)
            {%- endfor %}
        else {{ expression }}
    end
{%- endmacro -%}
