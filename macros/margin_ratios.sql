{#- The two margins of some revenue and cost; null where the revenue they are a share of is not above 0. AI revenue is a
    share of each day's revenue, rounded: what a reduction took back to 0 may leave some 1e-12 USD, which are no revenue. -#}
{%- macro margin_ratios() -%}
    case
        when ai_revenue_usd > 0.000001 then {{ ratio('ai_revenue_usd - ai_cost_usd', 'ai_revenue_usd') }}
    end as inference_margin_ratio,
    case
        when revenue_usd > 0 then {{ ratio('revenue_usd - ai_cost_usd - other_cogs_usd', 'revenue_usd') }}
    end as gross_margin_ratio
{%- endmacro -%}
