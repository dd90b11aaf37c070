{#- A channel as it is compared: without spaces around it, in lower case; null when nothing is left. -#}
{%- macro channel_name(expression) -%}
    nullif(lower(trim({{ expression }})), '')
{%- endmacro -%}
