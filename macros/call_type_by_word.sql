{#- The kind of a call by what an interface is called: the first of some words that its name holds, else generation. -#}
{%- macro call_type_by_word(expression, words) -%}
    case
        {%- for word, call_type in words.items() %}
        when lower({{ expression }}) like '%{{ word }}%' then '{{ call_type }}'
        {%- endfor %}
        else 'generation'
    end
{%- endmacro -%}
