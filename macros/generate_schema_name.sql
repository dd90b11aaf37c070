{#- Schemas are named as configured (`marts`, not `main_marts`): BI tools and analysts type these names.
    A project that installs this one names its own schemas by its own rule, and ours by `+schema` (models/docs/package.md). -#}
{%- macro generate_schema_name(custom_schema_name, node) -%}
    {{ (custom_schema_name or target.schema) | trim }}
{%- endmacro -%}
