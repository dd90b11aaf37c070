{#- USD per billion tokens: fine enough that a million of them keep every picodollar; null without tokens. -#}
{%- macro bridge_price(cost, tokens) -%}
    {{ shared_part(cost, '1000000000', tokens, 0) }}
{%- endmacro -%}
