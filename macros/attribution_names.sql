{#- Every name of the attribution keys in matching form, as the list of an `in`. -#}
{%- macro attribution_names() -%}
    {%- set names = [] -%}
    {%- for keys in attribution_keys().values() -%}
        {%- for key in keys if matching_name(key) not in names -%}{%- do names.append(matching_name(key)) -%}{%- endfor -%}
    {%- endfor -%}
    '{{ names | join("', '") }}'
{%- endmacro -%}
