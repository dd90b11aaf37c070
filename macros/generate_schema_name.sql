{#- Schemas are named as configured (`marts`, not `main_marts`): BI tools and analysts type these names. -#}
{%- macro generate_schema_name(custom_schema_name, node) -%}
    {{ (custom_schema_name or target.schema) | trim }}
{%- endmacro -%}
