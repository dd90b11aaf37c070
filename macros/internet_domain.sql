{#- The domain of an e-mail address or a web address, in lower case; null when there is none. No escapes in the patterns:
    the engines read them differently. -#}
{%- macro internet_domain(expression) -%}
    nullif(regexp_replace(
        regexp_replace(lower(trim({{ expression }})), '^(https?://)?([^@/]*@)?(www[.])?', ''),
        '(?s)[/:?].*$', ''
    ), '')
{%- endmacro -%}
