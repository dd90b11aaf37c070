{#- The two margins of some revenue and cost; null where the revenue they are a share of is not above 0. -#}
{%- macro margin_ratios() -%}
    case
        when ai_revenue_usd > 0 then {{ ratio('ai_revenue_usd - ai_cost_usd', 'ai_revenue_usd') }}
    end as inference_margin_ratio,
    case
        when revenue_usd > 0 then {{ ratio('revenue_usd - ai_cost_usd - other_cogs_usd', 'revenue_usd') }}
    end as gross_margin_ratio
{%- endmacro -%}
