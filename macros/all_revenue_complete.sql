{#- Whether the revenue of every customer of a group is complete (decisions.md, Metered revenue), of rows with is_revenue_complete. -#}
{%- macro all_revenue_complete() -%}
    min(case when is_revenue_complete then 1 else 0 end) = 1
{%- endmacro -%}
