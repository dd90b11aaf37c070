{#- The tier of a model by its blended list price, 3 parts input to 1 part output (decisions.md, Model tiers). -#}
{%- macro model_tier_by_price(input_usd_per_mtok, output_usd_per_mtok) -%}
    case
        when {{ input_usd_per_mtok }} is null or {{ output_usd_per_mtok }} is null then 'unattributed'
        when 3 * {{ input_usd_per_mtok }} + {{ output_usd_per_mtok }}
            >= 4 * {{ var('frontier_min_blended_usd_per_mtok') }} then 'frontier'
        when 3 * {{ input_usd_per_mtok }} + {{ output_usd_per_mtok }}
            >= 4 * {{ var('mid_min_blended_usd_per_mtok') }} then 'mid'
        else 'small'
    end
{%- endmacro -%}
