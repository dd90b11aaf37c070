{#- A price after a discount (0 to 1, null = none); null when there is no price. -#}
{%- macro discounted(price, discount_ratio) -%}
    cast(
        cast({{ price }} as decimal(19, 15)) * (1 - coalesce({{ discount_ratio }}, cast(0 as decimal(12, 10))))
    as decimal(19, 15))
{%- endmacro -%}
