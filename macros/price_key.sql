{#- The names and the day that decide a call's prices, as one text. -#}
{%- macro price_key(table_name) -%}
    {{ table_name }}.provider || '|' || {{ table_name }}.model || '|' || {{ table_name }}.service_tier
    || '|' || cast({{ table_name }}.utc_date as string)
{%- endmacro -%}
