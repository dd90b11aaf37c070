{#- A model's name as bills and calls are matched by it: lower case, and never `all`, the word for untagged lines. -#}
{%- macro model_tag(expression) -%}
    {{ source_word('lower(' ~ expression ~ ')') }}
{%- endmacro -%}
