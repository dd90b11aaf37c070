{#- Whether a price row says what a call costs. Hours, pages, characters and images are not stated: of a model charged by
    them nothing is known without a token. -#}
{%- macro has_price(prices, tokens) -%}
    coalesce({{ prices }}.has_price and not ({{ prices }}.has_unstated_units and {{ tokens }} = 0), false)
{%- endmacro -%}
