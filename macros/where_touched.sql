{#- Restricts what an incremental model reads to the days it writes again; all days in a first build and a full refresh. -#}
{%- macro where_touched(days_model, column='usage_date', keyword='where') -%}
    {%- set days = ref(days_model) -%}
    {%- if is_incremental() -%}
    {{ keyword }} {{ column }} in (select days.usage_date from {{ days }} as days)
    {%- endif -%}
{%- endmacro -%}
