{#- A model's name as bills and calls are matched by it: lower case, and never `all`, the word for untagged lines. The
    same of a name that is a word of a dimension already. -#}
{%- macro model_tag(expression) -%}
    case
        when lower({{ expression }}) in ('all', 'internal', 'unattributed') then lower({{ expression }}) || ' (source)'
        else lower({{ expression }})
    end
{%- endmacro -%}
