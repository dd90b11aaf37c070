{#- The form in which two spellings of a key are equal: no case, `-`, `_`, `.` and camelCase alike. -#}
{%- macro matching_name(key) -%}
    {{ return(key | lower | replace('-', '') | replace('_', '') | replace('.', '')) }}
{%- endmacro -%}
