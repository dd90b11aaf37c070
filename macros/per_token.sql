{#- A price per million tokens as a price per token, exact. -#}
{%- macro per_token(price_usd_per_mtok) -%}
    cast(cast({{ price_usd_per_mtok }} as decimal(19, 15)) * cast(0.000001 as decimal(6, 6)) as decimal(25, 21))
{%- endmacro -%}
